import type { QueueBounds } from './bounded-queue.js';

/** How subscriptions are carried; durations in milliseconds. */
export interface LiveSettings {
  /** What may wait for one consumer before it is cut off. */
  readonly queue: QueueBounds;
  /** Of one caller: a user, else an address. */
  readonly maxPerCaller: number;
  /** Of this process. */
  readonly maxTotal: number;
  /** How often a stream says that it is alive. */
  readonly heartbeatMs: number;
  /** Within which time subscriptions take up a new schema, and clients are asked to come back after a restart. */
  readonly spreadMs: number;
}

export const defaultLiveSettings: LiveSettings = {
  queue: { maxItems: 1_000, maxBytes: 4 * 1024 * 1024 },
  maxPerCaller: 100,
  maxTotal: 10_000,
  heartbeatMs: 15_000,
  spreadMs: 5_000,
};
