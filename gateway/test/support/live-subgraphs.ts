import { subscriptionTopic } from '@loomgraph/subgraph-kit';
import { createMemoryBus, type Bus } from '@loomgraph/stores/bus';
import { setImmediate as tick } from 'node:timers/promises';
import type { Subgraph, SubgraphRequest } from '@loomgraph/subgraph-kit';
import { sdlSubgraph } from './sample-subgraphs.js';

const { name, specUrl, definition } = subscriptionTopic;
const LINKS = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@composeDirective", "@authenticated"])
  extend schema @link(url: "${specUrl}", import: ["${name}"]) @composeDirective(name: "${name}")
  ${definition}
`;

export const LIVE_PRODUCTS_SDL = `${LINKS}
  type Product @key(fields: "id") { id: ID! name: String! weightGrams: Int! }
  type Query { product(id: ID!): Product }
  type Subscription {
    productChanged(ids: [ID!]): Product
      @subscriptionTopic(topic: "products-events", types: ["products.renamed"], key: ["id: productId"], filter: ["ids: productId"])
    secretChanged: Product @authenticated @subscriptionTopic(topic: "products-events", key: ["id: productId"])
    countdown(from: Int!): Product
  }
`;

export interface LiveProducts {
  readonly subgraph: Subgraph;
  /** Names by id; what is not there is no product. */
  readonly names: Map<string, string>;
  /** How many of its own subscriptions are open. */
  open: number;
  /** Lets `countdown` go on by one. */
  step(): void;
}

/** Owns products: tells of changes by events, and counts down by a subscription of its own. */
export function createLiveProducts(sdl = LIVE_PRODUCTS_SDL): LiveProducts {
  const names = new Map([
    ['p1', 'Chair'],
    ['p2', 'Table'],
  ]);
  const productOf = (id: string) => (names.has(id) ? { __typename: 'Product', id, name: names.get(id), weightGrams: 1_000 } : null);
  const steps = { left: 0 };
  const live: LiveProducts = {
    names,
    open: 0,
    step: () => void (steps.left += 1),
    subgraph: sdlSubgraph('products', sdl, {
      Query: { product: (_: unknown, { id }: { id: string }) => productOf(id) },
      Product: { __resolveReference: ({ id }: { id: string }) => productOf(id) },
      Subscription: {
        ...(sdl.includes('countdown') && {
          countdown: {
            subscribe: async function* (_: unknown, { from }: { from: number }, { identity }: SubgraphRequest) {
              live.open += 1;
              try {
                for (let left = from; left > 0; left -= 1) {
                  while (steps.left === 0) await tick();
                  steps.left -= 1;
                  yield { countdown: { id: 'p1', name: `${left} for ${identity?.userId ?? 'anyone'}`, weightGrams: left * 100 } };
                }
              } finally {
                live.open -= 1;
              }
            },
          },
        }),
      },
    }),
  };
  return live;
}

/** Adds fields of another subgraph to products. */
export function createLiveReviews(): Subgraph {
  return sdlSubgraph(
    'reviews',
    `type Product @key(fields: "id") { id: ID! weightGrams: Int! @external stars: Int! shipping: Int @requires(fields: "weightGrams") }
     type Query { reviewed: Product }`,
    {
      Product: {
        __resolveReference: (reference: object) => reference,
        stars: ({ id }: { id: string }) => (id === 'p1' ? 5 : 3),
        shipping: ({ weightGrams }: { weightGrams: number }) => weightGrams / 100,
      },
    },
  );
}

export const createBus = (): Bus => createMemoryBus();

let published = 0;
export async function publish(bus: Bus, productId: string, type = 'products.renamed'): Promise<string> {
  const messageId = `m${(published += 1)}`;
  await bus.publish('products-events', [
    { messageId, key: productId, body: JSON.stringify({ productId }), headers: { type, version: '1' } },
  ]);
  return messageId;
}
