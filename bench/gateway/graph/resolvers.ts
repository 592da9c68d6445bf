import type { GraphQLSchema } from 'graphql';
import type { Product, Review, Shop, User } from './data.ts';
import type { SubgraphName } from './sdl.ts';

/** Synchronous and without context: what they answer follows from source and arguments. Fields without one read the property. */
export type Resolvers = Readonly<Record<string, Readonly<Record<string, (source: never, args: never) => unknown>>>>;
export type Representation = Readonly<Record<string, unknown>>;

/** Fields of the shop that are more than a property, wherever they are resolved. */
export function shopResolvers(shop: Shop): Record<SubgraphName, Resolvers> {
  const byId = new Map(shop.users.map((user) => [user.id, user]));
  const byUpc = new Map(shop.products.map((product) => [product.upc, product]));
  const byReview = new Map(shop.reviews.map((review) => [review.id, review]));
  const firstReviews = (source: { reviews: readonly Review[] }, { first }: { first: number }): readonly Review[] =>
    source.reviews.slice(0, first);
  return {
    accounts: {
      Query: {
        me: () => shop.users[0],
        user: (_: unknown, { id }: { id: string }) => byId.get(id) ?? null,
        users: (_: unknown, { first }: { first: number }) => shop.users.slice(0, first),
      },
    },
    inventory: { Product: { shippingEstimate } },
    products: {
      Query: {
        product: (_: unknown, { upc }: { upc: string }) => byUpc.get(upc) ?? null,
        products: (_: unknown, { first, offset }: { first: number; offset: number }) => shop.products.slice(offset, offset + first),
        topProducts: (_: unknown, { first }: { first: number }) => shop.products.slice(0, first),
      },
    },
    reviews: {
      Query: {
        review: (_: unknown, { id }: { id: string }) => byReview.get(id) ?? null,
        latestReviews: (_: unknown, { first }: { first: number }) => shop.reviews.slice(-first),
      },
      User: { reviews: firstReviews },
      Product: { reviews: firstReviews },
    },
  };
}

/** What a representation stands for in one subgraph; null for what is not known. */
export function referenceResolver(shop: Shop, subgraph: SubgraphName): (representation: Representation) => object | null {
  const byKey = new Map<unknown, User | Product | Review>([
    ...shop.users.map((user) => [`User ${user.id}`, user] as const),
    ...shop.products.map((product) => [`Product ${product.upc}`, product] as const),
    ...shop.reviews.map((review) => [`Review ${review.id}`, review] as const),
  ]);
  return (representation) => {
    const { __typename, id, upc } = representation as { __typename: string; id?: string; upc?: string }; // `_Any`, by the federation specification
    const found = byKey.get(`${__typename} ${__typename === 'Product' ? upc : id}`);
    if (found === undefined) return null;
    // Inventory knows price and weight only from whoever asks.
    if (subgraph !== 'inventory') return found;
    const { price, weight } = representation;
    return { ...found, price, weight };
  };
}

/** A free delivery for what is dear. @throws Error when the required fields did not come along */
function shippingEstimate({ price, weight }: { price?: unknown; weight?: unknown }): number {
  if (typeof price !== 'number' || typeof weight !== 'number') throw new Error('shippingEstimate was asked for without price and weight.');
  return price > 1_000 ? 0 : Math.floor(weight / 2);
}

/** Gives a schema made from SDL its resolvers. */
export function attachResolvers(schema: GraphQLSchema, resolvers: Resolvers): void {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (type === undefined || !('getFields' in type)) throw new Error(`There is no type ${typeName}.`);
    for (const [fieldName, resolve] of Object.entries(fields)) {
      const field = type.getFields()[fieldName];
      if (field === undefined) throw new Error(`There is no field ${typeName}.${fieldName}.`);
      Object.assign(field, { resolve });
    }
  }
}
