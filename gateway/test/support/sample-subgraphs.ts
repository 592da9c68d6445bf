import { buildSubgraphSchema } from '@apollo/subgraph';
import { requireIdentity } from '@loomgraph/auth';
import { LoomError, StoreError, type Health } from '@loomgraph/core';
import { defineSubgraph, type Subgraph, type SubgraphRequest } from '@loomgraph/subgraph-kit';
import { GraphQLScalarType, parse } from 'graphql';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@shareable"])`;

type Resolvers = Readonly<Record<string, object>>;

/** A subgraph from SDL, with or without its own `@link`, and resolvers; its context is the request itself. */
export function sdlSubgraph(name: string, sdl: string, resolvers: Resolvers, health: readonly Health[] = []): Subgraph {
  const fullSdl = sdl.includes('@link') ? sdl : `${LINK}\n${sdl}`;
  const schema = buildSubgraphSchema([{ typeDefs: parse(fullSdl), resolvers: resolvers as never }]);
  return defineSubgraph({ name, sdl: fullSdl, schema, createContext: (request) => ({ ...request }), health: async () => health });
}

/** Serialises to a Date, as graphql-scalars does: over HTTP it becomes text, in process it stays an object. */
const dateTime = new GraphQLScalarType({
  name: 'DateTime',
  serialize: (value) => new Date(value as string),
  parseValue: (value) => new Date(value as string),
});

const PRODUCTS = [
  { id: 'p1', name: 'Red chair', weightGrams: 4_000, releasedAt: '2026-01-02T03:04:05.000Z' },
  { id: 'p2', name: 'Oak table', weightGrams: 30_000, releasedAt: '2026-02-03T04:05:06.000Z' },
];

export const PRODUCTS_SDL = `
  scalar DateTime
  type Product @key(fields: "id") { id: ID! name: String! weightGrams: Int! releasedAt: DateTime! secretPrice: Int ownPrice: Int }
  type Query { topProducts(first: Int = 2): [Product!]! product(id: ID!): Product caller: String requestId: String! traceparent: String }
  type Mutation { renameProduct(id: ID!, name: String!): Product }
`;

/** Owns products. Its fields show what the gateway passes on and what it hides. */
export function createProducts(
  options: { onTopProducts?: () => Promise<void>; sdl?: string; resolvers?: Resolvers; health?: readonly Health[] } = {},
): Subgraph {
  const products = PRODUCTS.map((product) => ({ ...product }));
  const byId = (id: string): object | null => products.find((product) => product.id === id) ?? null;
  return sdlSubgraph(
    'products',
    options.sdl ?? PRODUCTS_SDL,
    {
      DateTime: dateTime,
      Query: {
        topProducts: async (_: unknown, { first }: { first: number }) => {
          await options.onTopProducts?.();
          return products.slice(0, first);
        },
        product: (_: unknown, { id }: { id: string }) => byId(id),
        caller: (_: unknown, __: unknown, { identity }: SubgraphRequest) => identity?.userId ?? null,
        requestId: (_: unknown, __: unknown, { requestId }: SubgraphRequest) => requestId,
        traceparent: (_: unknown, __: unknown, { traceparent }: SubgraphRequest) => traceparent ?? null,
      },
      Mutation: {
        renameProduct: (_: unknown, { id, name }: { id: string; name: string }) => {
          const product = products.find((candidate) => candidate.id === id);
          if (!product) throw new LoomError('NOT_FOUND', `There is no product ${id}.`, { details: { id } });
          product.name = name;
          return product;
        },
      },
      Product: {
        __resolveReference: ({ id }: { id: string }) => byId(id),
        secretPrice: () => {
          throw new Error('select price from vault: password "hunter2" rejected');
        },
        ownPrice: (_: unknown, __: unknown, { identity }: SubgraphRequest) => (requireIdentity(identity) ? 42 : null),
      },
      ...options.resolvers,
    },
    options.health,
  );
}

export const REVIEWS_SDL = `
  type Review @key(fields: "id") { id: ID! body: String! product: Product! }
  type Product @key(fields: "id") {
    id: ID!
    weightGrams: Int! @external
    reviews: [Review!]
    shippingCost: Int @requires(fields: "weightGrams")
    rating: Float
  }
  type Query { latestReview: Review }
`;

const REVIEWS = [
  { id: 'r1', body: 'Sturdy', product: { __typename: 'Product', id: 'p2' } },
  { id: 'r2', body: 'Too red', product: { __typename: 'Product', id: 'p1' } },
];

/** Extends products: entity fetches in both directions, `@requires`, and a store that fails for one product. */
export function createReviews(): Subgraph {
  return sdlSubgraph('reviews', REVIEWS_SDL, {
    Query: { latestReview: () => REVIEWS[0] },
    Review: { __resolveReference: ({ id }: { id: string }) => REVIEWS.find((review) => review.id === id) ?? null },
    Product: {
      __resolveReference: (reference: object) => reference,
      reviews: ({ id }: { id: string }) => REVIEWS.filter((review) => review.product.id === id),
      shippingCost: ({ weightGrams }: { weightGrams: number }) => weightGrams / 100,
      rating: ({ id }: { id: string }) => {
        if (id === 'p2')
          throw new StoreError('unavailable', 'ratings', 'The ratings store does not answer.', {
            cause: new Error('ECONNREFUSED 10.0.0.7'),
          });
        return 4.5;
      },
    },
  });
}
