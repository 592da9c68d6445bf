import type { ApplyOutcome } from './port.js';
import type { WriteOrder } from './write-order.js';

/** What of a batch is to be written, and how the outcome of each input follows from what the store applied. */
export interface Batch<T> {
  /** One item per key, in key order: writers that lock rows in one order cannot deadlock. */
  readonly items: readonly T[];
  /** Outcomes in the order of the input; of several items of one key only the written one can be `applied`. */
  outcomes(appliedKeys: ReadonlySet<string>): ApplyOutcome[];
}

/** Reduces a batch to the foremost item of each key, by revision, then fence, then position: what is left when they are written one by one. */
export function newestPerKey<T extends WriteOrder>(inputs: readonly T[], keyOf: (item: T) => string): Batch<T> {
  const newest = new Map<string, T>();
  for (const item of inputs) {
    const known = newest.get(keyOf(item));
    if (!known || item.revision > known.revision || (item.revision === known.revision && (item.fence ?? 0) >= (known.fence ?? 0)))
      newest.set(keyOf(item), item);
  }
  const items = [...newest.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
  return {
    items,
    outcomes: (appliedKeys) =>
      inputs.map((item) => (newest.get(keyOf(item)) === item && appliedKeys.has(keyOf(item)) ? 'applied' : 'fenced')),
  };
}
