/** How a projection is delivered. */
export interface ProjectionPolicy {
  /** Records claimed at once. */
  readonly batch: number;
  /** Batches that one relay works on at once. While one is written, the next is claimed and loaded. */
  readonly concurrency: number;
  /** Failures of a record's own before it becomes a dead letter. */
  readonly maxAttempts: number;
  /** Wait after the n-th failure (from 1), before jitter. */
  readonly backoff: (failures: number) => number;
  /** How long a claim holds before another relay may take the record. Longer than a batch ever takes. */
  readonly leaseMs: number;
  /** How long loading a batch may take, and how long writing it may. A batch never writes in the last fifth of its lease. */
  readonly timeoutMs: number;
}

/** Doubles from `firstMs` up to `limitMs`. */
export function exponential(firstMs: number, limitMs: number): (failures: number) => number {
  return (failures) => Math.min(limitMs, firstMs * 2 ** Math.max(0, failures - 1));
}

/** Half to all of a wait: those who failed together do not come back together. */
export function jitter(waitMs: number, random: () => number = Math.random): number {
  return Math.round(waitMs * (0.5 + random() / 2));
}

export const defaultPolicy: ProjectionPolicy = {
  batch: 64,
  concurrency: 2,
  maxAttempts: 8,
  backoff: exponential(500, 5 * 60_000),
  leaseMs: 60_000,
  timeoutMs: 30_000,
};
