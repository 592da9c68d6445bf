import { all, at, find, some, type Item } from '../records.ts';
import type { World } from '../world.ts';
import { dimensionsOf, priceOf, productBySku, weightOf } from './catalog.ts';
import { pick, refusal, type ResolverTable } from './resolver.ts';

type Sku = { readonly vendor: string; readonly code: number };

export const numberOf = ({ index }: Item) => 500 + index;
export const customerOf = ({ index }: Item) => at('Customer', index * 3);
export const orderByKey = (customer: { id: string }, number: number) =>
  all('Order').find((order) => numberOf(order) === number && customerOf(order).id === customer.id);

export function shippingCostFrom({ price, weight }: { price: number | null; weight: number | null }, zip: string | null): number | null {
  if (zip === '0') throw refusal('Nobody lives there.');
  return price === null || weight === null ? null : weight * 2 + (price > 30 ? 0 : 5) + (zip?.length ?? 0);
}

/** This subgraph has never heard of it. */
export const UNKNOWN_MEDIA = 'm3';

export const stock: ResolverTable = {
  Query: {
    warehouse: (_: unknown, { id }: { id: string }) => find('Warehouse', id),
    warehouses: (_: unknown, { first }: { first: number | null }) => some('Warehouse', 0, first ?? 1),
    stockOf: (_: unknown, { sku }: { sku: Sku }) => productBySku(sku),
    shelved: () => [at('Media', 7), at('Media', 0), null, at('Media', 4)],
  },
  Mutation: {
    reserve(_: unknown, { sku, quantity }: { sku: Sku; quantity: number }, world: World) {
      world.log.push(`reserve ${sku.vendor} ${sku.code} ${quantity}`);
      const product = productBySku(sku);
      if (!product) throw refusal(`Nothing is called ${sku.vendor} ${sku.code}.`);
      const reserved = (world.reserved.get(product.id) ?? 0) + quantity;
      world.reserved.set(product.id, reserved);
      return { product, left: product.index * 7 - reserved, log: [...world.log] };
    },
  },
  Product: {
    quantity: ({ index }: Item) => (index === 2 ? null : index * 7),
    warehouses: ({ index }: Item, { first }: { first: number | null }) =>
      index === 6 ? null : some('Warehouse', index, Math.min(first ?? 1, 2)),
    shippingCost: {
      required: (product: Item, world: World) => ({ price: priceOf(product, 'USD', world), weight: weightOf(product) }),
      resolve: (required: { price: number | null; weight: number | null }, { zip }: { zip: string | null }) =>
        shippingCostFrom(required, zip),
    },
    packaging: {
      required: (product: Item) => ({ dimensions: pick(dimensionsOf(product), ['width', 'height']) }),
      resolve: ({ dimensions }: { dimensions: { width: number; height: number | null } | null }) =>
        dimensions === null
          ? null
          : { box: `box ${dimensions.width}`, volume: dimensions.height === null ? null : dimensions.width * dimensions.height },
    },
    restockAt: ({ index }: Item) => (index % 3 === 0 ? null : new Date(Date.UTC(2030, index, 1))),
    availability({ id, index }: Item) {
      if (index === 4) throw refusal(`Nobody knows about ${id}.`);
      return index === 8 ? null : index % 2 === 0 ? 'now' : 'later';
    },
  },
  Warehouse: {
    city: ({ index }: Item) => (index === 1 ? null : `Port ${index}`),
    manager: ({ index }: Item) => (index === 2 ? null : at('User', index + 1)),
    products: ({ index }: Item, { first }: { first: number | null }) => some('Product', index * 4, Math.min(first ?? 1, 3)),
    zones: ({ index }: Item) => (index === 2 ? [['a'], ['b', null]] : [['a', 'b'], []]),
    label: ({ index }: Item) => index * 1_000,
  },
  User: {
    managed: ({ index }: Item) => (index % 3 === 2 ? null : at('Warehouse', index)),
  },
  Order: {
    customer: customerOf,
    number: numberOf,
    parcels: (order: Item) =>
      order.index === 1 ? null : [{ weight: order.index + 0.25, product: at('Product', order.index), order: at('Order', order.index + 1) }],
  },
  Media: {
    shelf: ({ id, index }: Item) => (id === UNKNOWN_MEDIA ? null : `shelf ${index}`),
    copies: ({ id, index }: Item) => (id === UNKNOWN_MEDIA ? null : index * 2),
  },
};
