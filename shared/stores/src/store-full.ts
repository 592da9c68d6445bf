import { StoreError } from '@loomgraph/core';

/** Nobody makes room within seconds; asking again at once would only add to the load. */
const RETRY_AFTER_MS = 30_000;

/** A store that refuses writes for want of disk or memory: `unavailable` as far as callers are concerned, with a code that operators see. */
export function storeFull(store: string, message: string, options: { cause: unknown; details?: Record<string, unknown> }): StoreError {
  const { cause, details } = options;
  return new StoreError('unavailable', store, message, {
    cause,
    code: 'STORE_FULL',
    details: { retryAfterMs: RETRY_AFTER_MS, ...details },
  });
}
