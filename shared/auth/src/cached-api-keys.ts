import { hash } from 'node:crypto';
import { systemClock, type Clock } from '@loomgraph/core';
import { LRUCache } from 'lru-cache';
import type { ApiKeyResolver } from './api-key-resolver.js';
import type { Identity } from './identity.js';

/** How long a key is taken for what it was: one that is revoked elsewhere works no longer than this. */
const KEEP_MS = 5_000;
/** A key may be made a moment after somebody tried it. */
const KEEP_UNKNOWN_MS = 1_000;
const ENTRIES = 10_000;

interface Known {
  readonly identity: Identity | null;
  readonly until: number;
}

/** Asks once for requests that come with the same key within 5 seconds, unknown keys within one; keys are kept by their SHA-256 only. */
export function cacheApiKeys(resolver: ApiKeyResolver, { clock = systemClock }: { readonly clock?: Clock } = {}): ApiKeyResolver {
  const known = new LRUCache<string, Known>({ max: ENTRIES });
  const asking = new Map<string, Promise<Identity | null>>();
  return {
    async resolve(key) {
      const digest = hash('sha256', key, 'base64');
      const now = clock.now().getTime();
      const kept = known.get(digest);
      if (kept !== undefined && kept.until > now && (kept.identity === null || kept.identity.expiresAt.getTime() > now))
        return kept.identity;
      let running = asking.get(digest);
      if (running === undefined) {
        running = resolver.resolve(key).finally(() => asking.delete(digest));
        asking.set(digest, running);
      }
      const identity = await running;
      known.set(digest, { identity, until: now + (identity === null ? KEEP_UNKNOWN_MS : KEEP_MS) });
      return identity;
    },
  };
}
