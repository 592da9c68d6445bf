/**
 * The records of the test supergraph. A record is a type, an id and a number; every field is computed from these by the resolvers,
 * so that two executors that ask for the same field of the same record get the same value.
 */
export interface Item {
  readonly __typename: string;
  readonly id: string;
  readonly index: number;
}

export type Kind = keyof typeof kinds;

const kinds = {
  Product: { prefix: 'p', count: 10 },
  Bundle: { prefix: 'd', count: 3 },
  Brand: { prefix: 'b', count: 3 },
  User: { prefix: 'u', count: 8 },
  Company: { prefix: 'c', count: 3 },
  Customer: { prefix: 'u', count: 8 },
  Review: { prefix: 'r', count: 12 },
  Media: { prefix: 'm', count: 10 },
  Warehouse: { prefix: 'w', count: 3 },
  Order: { prefix: 'o', count: 6 },
} as const;

const FIRST_MOVIE = 4;
const FIRST_SONG = 7;

/** The record of this number; past the last one it begins again, so that every reference leads somewhere. */
export function at(kind: Kind, index: number): Item {
  const { prefix, count } = kinds[kind];
  const wrapped = ((index % count) + count) % count;
  return { __typename: kind === 'Media' ? mediaTypeOf(wrapped) : kind, id: `${prefix}${wrapped}`, index: wrapped };
}

/** Undefined for an id no record has. */
export function find(kind: Kind, id: unknown): Item | undefined {
  return all(kind).find((item) => item.id === id);
}

export function all(kind: Kind): readonly Item[] {
  return Array.from({ length: kinds[kind].count }, (_, index) => at(kind, index));
}

/** `count` records from one on; GraphQL's null and a negative number mean none. */
export function some(kind: Kind, from: number, count: number | null | undefined): readonly Item[] {
  return Array.from({ length: Math.max(0, Math.min(count ?? 0, kinds[kind].count)) }, (_, step) => at(kind, from + step));
}

/** By any id there is, whatever its type. */
export function findAny(id: unknown): Item | undefined {
  const order: readonly Kind[] = ['Product', 'User', 'Company', 'Bundle', 'Review', 'Media', 'Warehouse', 'Order'];
  return order.map((kind) => find(kind, id)).find((item) => item !== undefined);
}

function mediaTypeOf(index: number): string {
  if (index < FIRST_MOVIE) return 'Book';
  return index < FIRST_SONG ? 'Movie' : 'Song';
}
