import type { Item } from './records.ts';

/** What the mutations of one operation changed. Every operation begins with an untouched world, in whichever executor it runs. */
export interface World {
  /** Mutations in the order they ran, over all subgraphs. */
  readonly log: string[];
  readonly names: Map<string, string>;
  readonly prices: Map<string, number>;
  readonly labels: Map<string, string | null>;
  readonly reviews: AddedReview[];
  readonly cart: { readonly product: Item; readonly quantity: number }[];
  readonly reserved: Map<string, number>;
}

export interface AddedReview extends Item {
  readonly stars: number;
  readonly text: string | null;
  readonly subject: Item | null;
}

export function createWorld(): World {
  return { log: [], names: new Map(), prices: new Map(), labels: new Map(), reviews: [], cart: [], reserved: new Map() };
}

/** Worlds of the operations under way, by request id: what the subgraphs of one federated answer have in common. */
export interface Worlds {
  /** Made at the first call for an id. */
  of(requestId: string): World;
  forget(requestId: string): void;
}

export function createWorlds(): Worlds {
  const worlds = new Map<string, World>();
  return {
    of(requestId) {
      const known = worlds.get(requestId) ?? createWorld();
      worlds.set(requestId, known);
      return known;
    },
    forget: (requestId) => void worlds.delete(requestId),
  };
}
