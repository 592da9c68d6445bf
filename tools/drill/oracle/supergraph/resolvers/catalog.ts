import { all, at, find, some, type Item } from '../records.ts';
import type { World } from '../world.ts';
import { refusal, type ResolverTable } from './resolver.ts';

type Currency = 'EUR' | 'USD' | 'CHF';
const RATES = { EUR: 1, USD: 1.25, CHF: 0.5 };

interface Filter {
  readonly text?: string | null;
  readonly tags?: readonly string[] | null;
  readonly price?: { readonly min?: number | null; readonly max?: number | null } | null;
  readonly currency?: Currency | null;
  readonly not?: Filter | null;
}

interface Window {
  readonly first: number | null;
  readonly offset: number;
}

export function priceOf({ id, index }: Item, currency: Currency, world: World): number | null {
  if (index === 8) return null;
  return (world.prices.get(id) ?? 10 + index * 4) * RATES[currency];
}

export const skuOf = ({ index }: Item) => ({ vendor: index % 2 === 0 ? 'acme' : 'bolt', code: 100 + index });
export const dimensionsOf = ({ index }: Item) =>
  index === 3 ? null : { width: index + 0.5, height: index % 4 === 2 ? null : index * 2, unit: index % 2 === 0 ? 'MM' : 'CM' };
export const weightOf = ({ index }: Item) => (index === 5 ? null : 1 + index);
export const productBySku = (sku: { vendor: string; code: number }) =>
  all('Product').find((item) => skuOf(item).vendor === sku.vendor && skuOf(item).code === sku.code);

const nameOf = ({ __typename, index }: Item) => (__typename === 'Bundle' ? (index === 1 ? null : `bundle ${index}`) : `product ${index}`);
const tagsOf = ({ index }: Item) => ['new', 'red', 'small', 'rare'].slice(0, 1 + (index % 4));

function matches(item: Item, filter: Filter | null | undefined, world: World): boolean {
  if (!filter) return true;
  const { text, tags, price, currency, not } = filter;
  if (text != null && !nameOf(item)?.includes(text)) return false;
  if (tags != null && !tags.every((tag) => tagsOf(item).includes(tag))) return false;
  const cost = priceOf(item, currency ?? 'EUR', world) ?? 0;
  if (price?.min != null && cost < price.min) return false;
  if (price?.max != null && cost > price.max) return false;
  return not == null || !matches(item, not, world);
}

const price = (item: Item, { currency }: { currency: Currency }, world: World) => priceOf(item, currency, world);

export const catalog: ResolverTable = {
  Query: {
    product: (_: unknown, { id }: { id: string }) => find('Product', id),
    products(_: unknown, { filter, sort, first, offset }: Window & { filter?: Filter | null; sort: string }, world: World) {
      if (offset < 0) throw refusal(`No products before the first: ${offset}.`);
      const found = all('Product').filter((item) => matches(item, filter, world));
      if (sort === 'PRICE') found.sort((a, b) => (priceOf(b, 'EUR', world) ?? 0) - (priceOf(a, 'EUR', world) ?? 0));
      return found.slice(offset, offset + Math.max(0, first ?? 2));
    },
    productBySku: (_: unknown, { sku }: { sku: { vendor: string; code: number } }) => productBySku(sku),
    requiredProduct: (_: unknown, { id }: { id: string }) => find('Product', id),
    grid: (_: unknown, { rows, columns }: { rows: number | null; columns: number }) =>
      Array.from({ length: Math.max(0, Math.min(rows ?? 1, 3)) }, (_row, row) =>
        row === 2 ? null : some('Product', row * 3, Math.min(columns, 3)),
      ),
    cube: () => [[[at('Product', 1), null], some('Product', 4, 2)], null, [[]], [null, [at('Product', 0)]]],
    sellables: (_: unknown, { first }: { first: number | null }) =>
      [at('Product', 2), at('Bundle', 0), at('Product', 3), at('Bundle', 1)].slice(0, Math.max(0, first ?? 1)),
    sellable: (_: unknown, { id }: { id: string }) => find('Product', id) ?? find('Bundle', id),
    catalogItem: (_: unknown, { id }: { id: string }) => find('Product', id) ?? find('Bundle', id) ?? find('Brand', id),
    echo: (_: unknown, args: object) => args,
    version: () => '1.0',
    settings: () => ({ theme: 'dark', currency: 'CHF', language: 'en' }),
  },
  Mutation: {
    setPrice(_: unknown, { id, price: amount }: { id: string; price: number }, world: World) {
      world.log.push(`setPrice ${id} ${amount}`);
      if (amount < 0) throw refusal('A price is not negative.');
      world.prices.set(id, amount);
      return find('Product', id);
    },
    relabel(_: unknown, { id, label }: { id: string; label?: string | null }, world: World) {
      world.log.push(`relabel ${id} ${label}`);
      if (label === 'forbidden') throw refusal('This label is taken.');
      world.labels.set(id, label ?? null);
      return { product: find('Product', id), log: [...world.log] };
    },
  },
  Product: {
    sku: skuOf,
    name: nameOf,
    description({ id, index }: Item, { maxLength, upper }: { maxLength: number | null; upper: boolean }) {
      if (index % 4 === 1) throw refusal(`${id} has no description.`);
      if (maxLength != null && maxLength < 0) throw refusal(`A description of ${maxLength} characters?`);
      const text = `The ${index % 2 === 0 ? 'best' : 'other'} "${id}" \\ \u00fc\u{1F600}`.slice(0, maxLength ?? undefined);
      return upper ? text.toUpperCase() : text;
    },
    price,
    weight: weightOf,
    brand: ({ index }: Item) => (index % 4 === 3 ? null : at('Brand', index)),
    tags: (item: Item, { limit }: { limit?: number | null }) =>
      item.index === 5 ? ['new', null, 'red'] : tagsOf(item).slice(0, Math.max(0, limit ?? 4)),
    matrix: ({ index }: Item) => (index === 7 ? [[1], [2, null], [3]] : [[index, 1], [], [2]]),
    neighbours: ({ index }: Item) =>
      index === 6 ? [[at('Product', 1)], null, []] : [[at('Product', index + 1), null], [], [at('Product', index + 2)]],
    related: ({ index }: Item, { first }: { first: number | null }) => some('Product', index + 3, Math.min(first ?? 1, 3)),
    attributes: ({ index }: Item, { path }: { path?: readonly string[] | null }) =>
      index % 3 === 1 ? null : { z: index, a: { list: [1, null, 'x'], path: path ?? null }, __typename: 'not a type', 10: true, 2: false },
    releasedAt: ({ index }: Item) => (index === 9 ? 'some day' : new Date(Date.UTC(2020, index, 1 + index))),
    dimensions: dimensionsOf,
    badge: ({ index }: Item) => (index % 2 === 0 ? null : `badge ${index}`),
    warranty({ id, index }: Item) {
      if (index % 5 === 2) throw refusal(`The warranty of ${id} is unknown.`);
      return index % 5 === 4 ? null : index;
    },
    label({ id, index }: Item, _args: unknown, world: World) {
      return world.labels.has(id) ? world.labels.get(id) : `label ${index}`;
    },
  },
  Bundle: {
    name: nameOf,
    price: ({ index }: Item, { currency }: { currency: Currency }) => (index + 1) * 100 * RATES[currency],
    items: ({ index }: Item, { first }: { first?: number | null }) =>
      [at('Product', index), at('Bundle', index + 1), at('Product', index + 5)].slice(0, Math.max(0, first ?? 2)),
    label: ({ index }: Item) => (index === 1 ? ['a', null] : index === 2 ? null : ['a', 'b']),
  },
  Brand: {
    name: ({ index }: Item) => `brand ${index}`,
    label: ({ index }: Item) => (index === 2 ? null : `brand label ${index}`),
    country: ({ index }: Item) => (index === 0 ? null : 'CH'),
    products: ({ index }: Item, { first }: { first: number | null }) =>
      [at('Product', index), null, at('Product', index + 3)].slice(0, first ?? 3),
  },
};
