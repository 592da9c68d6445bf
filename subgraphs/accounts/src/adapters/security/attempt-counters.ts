import { createHash } from 'node:crypto';
import { StoreError } from '@loomgraph/core';
import { createMemoryCache, type Cache } from '@loomgraph/stores/cache';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import type { AttemptCounters } from '../../domain/security/login-throttle.js';

const PREFIX = 'accounts:throttle:';

/**
 * Counters in the cache: in Redis they are shared by all processes. While it is away each process counts by itself: guessing is then throttled by
 * as much less as there are processes, and nobody is locked out by a store.
 */
export function createAttemptCounters(deps: {
  readonly cache: Cache;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): AttemptCounters {
  const { cache, logger, metrics } = deps;
  const ownCounters = createMemoryCache({});
  const fallbacks = metrics.counter(
    'accounts_throttle_fallbacks_total',
    'Counts of login attempts that were made in this process alone: the cache was away.',
  );
  fallbacks.inc({}, 0);
  let isAway = false;
  const shared = async <T>(call: (cache: Cache) => Promise<T>): Promise<T> => {
    try {
      const answer = await call(cache);
      isAway = false;
      return answer;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (!isAway) logger.warn('Login attempts are counted in this process alone: the cache does not answer.', { error });
      isAway = true;
      fallbacks.inc({});
      return call(ownCounters);
    }
  };
  const name = (key: string): string => PREFIX + key;
  return {
    add: (key, by, ttlMs) => shared((counters) => counters.increment(name(key), by, { ttlMs })),
    until: (key) => shared((counters) => counters.get<number>(name(key))),
    setUntil: (key, timeMs, ttlMs) => shared((counters) => counters.set(name(key), timeMs, { ttlMs })),
    async forget(...keys) {
      await shared((counters) => counters.delete(...keys.map(name)));
    },
    pseudonym: (text) => createHash('sha256').update(text).digest('base64url').slice(0, 22),
  };
}
