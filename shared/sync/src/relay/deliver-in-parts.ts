import { LoomError, StoreError } from '@loomgraph/core';

/** What happens to a batch, or a part of it, whoever does it. */
export interface Parts<T> {
  /** Delivers and settles a part; rejects with what stood in the way of the whole part. */
  readonly deliver: (part: readonly T[]) => Promise<void>;
  /** Charges one that failed by itself. */
  readonly blame: (item: T, error: unknown) => Promise<void>;
  /** Whether one that is late alone, with no others to compare it with, is known to be at fault. */
  readonly isSuspect: (item: T) => Promise<boolean>;
}

/**
 * Delivers a batch and finds out by halving who is at fault when it fails, so that one in n costs some log n tries.
 *
 * - A failure that may pass (target away, provider throttled) ends it: nobody is charged.
 * - A time limit says nothing by itself. The halves are tried: if one of them passes, the other holds who is too slow, and so on down to one,
 *   which is charged. If neither passes, or there is only one to begin with, the target is slow: it ends like the above.
 * - Any other failure is somebody's own: halves down to one, which is charged.
 *
 * @throws what may pass; the parts that were not delivered until then are still the caller's
 */
export async function deliverInParts<T>(batch: readonly T[], parts: Parts<T>): Promise<void> {
  const late = await attempt(batch, parts);
  if (late === undefined) return;
  const [only] = batch;
  if (batch.length > 1 || only === undefined) return corner(batch, parts);
  if (!(await parts.isSuspect(only))) throw late;
  await parts.blame(only, late);
}

/** @returns the error when the part took too long; undefined when it is settled */
async function attempt<T>(part: readonly T[], parts: Parts<T>): Promise<StoreError | undefined> {
  try {
    await parts.deliver(part);
    return undefined;
  } catch (error) {
    if (isTimeout(error)) return error;
    if (isPassing(error)) throw error;
    const [only] = part;
    if (part.length === 1 && only !== undefined) await parts.blame(only, error);
    else for (const half of halves(part)) await deliverInParts(half, parts);
    return undefined;
  }
}

/** Of these one is too slow, if the others are not. */
async function corner<T>(slow: readonly T[], parts: Parts<T>): Promise<void> {
  const [only] = slow;
  if (slow.length === 1 && only !== undefined) {
    // The target may have come back between its try and that of the others.
    const again = await attempt(slow, parts);
    return again === undefined ? undefined : parts.blame(only, again);
  }
  const [first, second] = halves(slow);
  const lateFirst = await attempt(first, parts);
  const lateSecond = await attempt(second, parts);
  if (lateFirst !== undefined && lateSecond !== undefined) throw lateSecond;
  if (lateFirst !== undefined) await corner(first, parts);
  if (lateSecond !== undefined) await corner(second, parts);
}

function halves<T>(items: readonly T[]): [readonly T[], readonly T[]] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}

export function isTimeout(error: unknown): error is StoreError {
  return error instanceof StoreError && error.kind === 'timeout';
}

/** A conflict of a store (a lost deadlock) passes, though to a client the same code means that it must read again. */
export function isPassing(error: unknown): boolean {
  return error instanceof StoreError ? error.retryable : error instanceof LoomError && error.entry.retryable;
}
