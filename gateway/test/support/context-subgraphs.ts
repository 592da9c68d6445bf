import type { Subgraph } from '@loomgraph/subgraph-kit';
import { sdlSubgraph } from './sample-subgraphs.js';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.8",
  import: ["@key", "@context", "@fromContext", "@external", "@shareable"])`;

interface Reference {
  readonly id: string;
}

const ITEMS = { first: { id: 'i1' }, second: { id: 'i2' } };

const SHOPS = {
  euro: {
    id: 's1',
    currency: 'EUR',
    owner: { name: 'Ada', region: { code: 'north' } },
    items: [ITEMS.first, ITEMS.second],
    matrix: [[ITEMS.first, null], [ITEMS.second]],
    shelf: { best: ITEMS.first },
  },
  dollar: {
    id: 's2',
    currency: 'USD',
    owner: { name: 'Bob', region: null },
    items: [ITEMS.first],
    matrix: null,
    shelf: { best: ITEMS.first },
  },
  /** What it is passed on is null. */
  bare: { id: 's3', currency: null, owner: null, items: [ITEMS.first], matrix: [], shelf: null },
};

export const MALLS = [
  { id: 'm1', level: 1, shops: [SHOPS.euro, null, SHOPS.dollar], anchor: SHOPS.euro },
  { id: 'm2', level: null, shops: [SHOPS.euro, SHOPS.bare], anchor: null },
];

const DEALS = [
  { __typename: 'Sale', id: 'd1', rate: 'half', gift: { id: 'g1' } },
  { __typename: 'Coupon', id: 'd2', code: 'X7', gift: { id: 'g1' } },
];

/** Has the objects that others are passed values of. */
export function createMalls(): Subgraph {
  return sdlSubgraph(
    'malls',
    `${LINK}
    type Query { malls: [Mall!]! deals: [Deal!]! }
    type Mall @key(fields: "id") { id: ID! level: Int shops: [Shop] anchor: Shop }
    type Shop @key(fields: "id") { id: ID! currency(style: String = "code"): String owner: Owner items: [Item!]! matrix: [[Item]] shelf: Shelf }
    type Shelf { best: Item }
    type Owner @shareable { name: String region: Region }
    type Region @shareable { code: String }
    interface Deal { id: ID! gift: Gift }
    type Sale implements Deal @key(fields: "id") { id: ID! rate: String gift: Gift }
    type Coupon implements Deal @key(fields: "id") { id: ID! code: String gift: Gift }
    type Item @key(fields: "id") { id: ID! }
    type Gift @key(fields: "id") { id: ID! }`,
    {
      Query: { malls: () => MALLS, deals: () => DEALS },
      Mall: { __resolveReference: ({ id }: Reference) => MALLS.find((mall) => mall.id === id) },
      Shop: {
        __resolveReference: ({ id }: Reference) => Object.values(SHOPS).find((shop) => shop.id === id),
        currency: ({ currency }: { readonly currency: string | null }, { style }: { readonly style: string }) =>
          style === 'code' ? currency : `${style} ${currency}`,
      },
    },
  );
}

/** Has fields that are passed values of malls, shops and deals. `onAsked` is told of each item it resolves. */
export function createPrices(onAsked?: (id: string) => void): Subgraph {
  return sdlSubgraph(
    'prices',
    `${LINK}
    type Query { pricesReady: Boolean }
    type Mall @key(fields: "id") @context(name: "mall") { id: ID! level: Int @external country: String @external theme: String }
    type Shop @key(fields: "id") @context(name: "shop") { id: ID! currency(style: String = "code"): String @external owner: Owner @external }
    type Owner @shareable { name: String region: Region }
    type Region @shareable { code: String }
    union Offer @context(name: "offer") = Sale | Coupon
    type Sale @key(fields: "id") { id: ID! rate: String @external }
    type Coupon @key(fields: "id") { id: ID! code: String @external }
    type Item @key(fields: "id") {
      id: ID!
      label: String
      price(unit: String @fromContext(field: "$shop { currency }")): String
      spot(
        unit: String @fromContext(field: "$shop { currency }")
        level: Int @fromContext(field: "$mall { level }")
        times: Int = 1
      ): String
      region(code: String @fromContext(field: "$shop { owner { region { code } } }")): String
      placed(country: String @fromContext(field: "$mall { country }")): String
      themed(theme: String @fromContext(field: "$mall { theme }")): String
    }
    type Maker @key(fields: "id") { id: ID! fee(unit: String @fromContext(field: "$shop { currency }")): String }
    type Gift @key(fields: "id") {
      id: ID!
      wrapped(with: String @fromContext(field: "$offer ... on Sale { rate } ... on Coupon { code }")): String
    }`,
    {
      Mall: { theme: () => 'sea' },
      Item: {
        __resolveReference: (item: Reference) => {
          onAsked?.(item.id);
          return item;
        },
        label: ({ id }: Reference) => `label of ${id}`,
        price: ({ id }: Reference, { unit }: { readonly unit?: string }) => `${id} in ${unit}`,
        spot: ({ id }: Reference, { unit, level, times }: { readonly unit?: string; readonly level?: number; readonly times: number }) =>
          `${id} in ${unit} on ${level} x${times}`,
        region: ({ id }: Reference, { code }: { readonly code?: string }) => `${id} from ${code}`,
        placed: ({ id }: Reference, { country }: { readonly country?: string }) => `${id} in ${country}`,
        themed: ({ id }: Reference, { theme: given }: { readonly theme?: string }) => `${id} at the ${given}`,
      },
      Maker: { fee: ({ id }: Reference, { unit }: { readonly unit?: string }) => `${id} takes ${unit}` },
      Gift: { wrapped: ({ id }: Reference, args: { readonly with?: string }) => `${id} with ${args.with}` },
    },
  );
}

/**
 * Joins items with their makers, so that another fetch stands between a shop and what is passed its currency; knows where malls are.
 * `findMall` answers the mall or rejects.
 */
export function createMakers(findMall: (mall: Reference) => Promise<Reference> = async (mall) => mall): Subgraph {
  return sdlSubgraph(
    'makers',
    `${LINK}
    type Query { makersReady: Boolean }
    type Mall @key(fields: "id") { id: ID! country: String }
    type Item @key(fields: "id") { id: ID! maker: Maker }
    type Maker @key(fields: "id") { id: ID! }`,
    { Mall: { __resolveReference: findMall, country: () => 'Peru' }, Item: { maker: () => ({ id: 'k1' }) } },
  );
}
