import { all, at, find, type Item } from '../records.ts';
import type { World } from '../world.ts';
import { priceOf, weightOf } from './catalog.ts';
import { addressOf } from './people.ts';
import { pick, refusal, type ResolverTable } from './resolver.ts';
import { customerOf, numberOf, shippingCostFrom } from './stock.ts';

const STATES = ['OPEN', 'SENT', 'DONE'];
const stateOf = ({ index }: Item) => STATES[index % 3]!;
const ofState = (orders: readonly Item[], state: string | null | undefined) =>
  orders.filter((order) => state == null || stateOf(order) === state);
const line = (index: number, quantity: number) => ({ __typename: 'OrderLine', index, product: at('Product', index), quantity });

function cartOf(world: World) {
  return {
    lines: world.cart.map(({ product, quantity }) => ({ ...line(product.index, quantity), product })),
    sum: world.cart.reduce((sum, { product, quantity }) => sum + (product.index + 1) * quantity, 0),
    log: [...world.log],
  };
}

export const orders: ResolverTable = {
  Query: {
    order: (_: unknown, { id }: { id: string }) => find('Order', id),
    orders: (_: unknown, { state, first }: { state?: string | null; first: number | null }) =>
      ofState(all('Order'), state).slice(0, Math.max(0, first ?? 1)),
    lastOrder: () => at('Order', 5),
  },
  Mutation: {
    addToCart(_: unknown, { productId, quantity }: { productId: string; quantity: number | null }, world: World) {
      world.log.push(`addToCart ${productId} ${quantity}`);
      const product = find('Product', productId);
      if (!product) throw refusal(`There is no product ${productId}.`);
      world.cart.push({ product, quantity: quantity ?? 1 });
      return cartOf(world);
    },
    clearCart(_: unknown, _args: unknown, world: World) {
      world.log.push('clearCart');
      if (world.cart.length === 0) throw refusal('The cart is empty.');
      world.cart.length = 0;
      return cartOf(world);
    },
  },
  Cart: {
    total({ sum }: { sum: number }, { currency }: { currency: string | null }) {
      if (currency === 'CHF') throw refusal('No francs.');
      return sum;
    },
  },
  Order: {
    number: numberOf,
    customer: customerOf,
    lines: ({ index }: Item, { first }: { first?: number | null }) =>
      [line(index, 1), line(index + 4, 2)].slice(0, Math.max(0, first ?? 2)),
    total({ id, index }: Item, { currency }: { currency: string | null }) {
      if (currency === 'CHF') throw refusal(`${id} was not paid in CHF.`);
      return index * 9.5;
    },
    shipTo: ({ index }: Item) => (index === 2 ? null : { road: `Lane ${index}`, city: 'Bern', country: null }),
    placedAt: ({ index }: Item) => (index === 3 ? 'yesterday' : new Date(Date.UTC(2025, 1, index + 1))),
    state: stateOf,
    note: ({ index }: Item) => (index % 2 === 0 ? { gift: true, to: [{ name: 'x' }, null] } : null),
    previous: ({ index }: Item) => (index === 0 ? null : at('Order', index - 1)),
  },
  Customer: {
    user: ({ id }: Item) => find('User', id),
    orders: (customer: Item, { first, state }: { first: number | null; state?: string | null }) =>
      ofState(all('Order'), state)
        .filter((order) => customerOf(order).id === customer.id)
        .slice(0, Math.max(0, first ?? 1)),
  },
  OrderLine: {
    item: ({ index }: Item) => (index % 3 === 0 ? at('Bundle', index) : index % 3 === 1 ? at('Product', index) : null),
    rating: ({ index }: Item) => (index % 2 === 0 ? null : index),
    label: ({ index }: Item) => (index === 7 ? null : `line ${index}`),
  },
  Product: {
    orderCount: ({ index }: Item) => index % 4,
    landedPrice: {
      required: (product: Item, world: World) => ({
        shippingCost: shippingCostFrom({ price: priceOf(product, 'USD', world), weight: weightOf(product) }, '2000'),
        price: priceOf(product, 'CHF', world),
      }),
      resolve: (
        { shippingCost, price }: { shippingCost: number | null; price: number | null },
        { quantity }: { quantity: number | null },
      ) => (price === null ? null : price * (quantity ?? 1) + (shippingCost ?? 0)),
    },
  },
  Bundle: {
    soldOut: ({ index }: Item) => index === 1,
  },
  User: {
    customer: ({ index }: Item) => (index === 7 ? null : at('Customer', index)),
    deliveryHint: {
      required: (user: Item) => ({ address: pick(addressOf(user), ['city', 'country']) }),
      resolve: ({ address }: { address: { city: string; country: string | null } | null }) =>
        address === null ? 'pick it up' : `${address.city}, ${address.country ?? 'somewhere'}`,
    },
  },
};
