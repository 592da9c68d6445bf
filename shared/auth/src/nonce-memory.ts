import { StoreError, systemClock, type Clock } from '@loomgraph/core';

/**
 * Remembers what may be used once.
 *
 * 1. `claim` answers true the first time a nonce is claimed, false every other time until `until`. Of claims at once one is the first.
 * 2. It never forgets a nonce before its `until`: where it could not keep one more, or cannot be reached, it rejects with StoreError.
 */
export interface NonceMemory {
  claim(nonce: string, until: Date): Promise<boolean>;
}

const DEFAULT_ENTRIES = 1_000_000;

/**
 * The memory of one process: two sets, of which the older is dropped whole once everything in it is over. What is claimed must be over within
 * `windowMs`. Takes about 100 bytes for each nonce of the last two windows.
 */
export function createNonceMemory(options: {
  readonly windowMs: number;
  readonly maxEntries?: number;
  readonly clock?: Clock;
}): NonceMemory {
  const { windowMs, maxEntries = DEFAULT_ENTRIES, clock = systemClock } = options;
  let current = new Set<string>();
  let earlier = new Set<string>();
  let turnsAt = clock.now().getTime() + windowMs;
  return {
    async claim(nonce) {
      const now = clock.now().getTime();
      if (now >= turnsAt) {
        earlier = now >= turnsAt + windowMs ? new Set() : current;
        current = new Set();
        turnsAt = now + windowMs;
      }
      if (current.has(nonce) || earlier.has(nonce)) return false;
      if (current.size >= maxEntries)
        throw new StoreError('unavailable', 'nonces', 'More requests come than can be told from replays; retry later.');
      current.add(nonce);
      return true;
    },
  };
}

/** What of the cache port is needed; `Cache` of the stores package has it. */
export interface NonceStore {
  increment(key: string, by?: number, options?: { ttlMs?: number }): Promise<number>;
}

/** A memory that several processes share: for a subgraph of which several run behind one address. One round trip for each nonce. */
export function createSharedNonces(options: { readonly store: NonceStore; readonly clock?: Clock }): NonceMemory {
  const { store, clock = systemClock } = options;
  return {
    async claim(nonce, until) {
      const ttlMs = Math.max(1, until.getTime() - clock.now().getTime());
      return (await store.increment(`auth:nonce:${nonce}`, 1, { ttlMs })) === 1;
    },
  };
}
