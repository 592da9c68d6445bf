import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { leaveOutWithout, realStore } from '@loomgraph/testing';
import { describeCacheContract } from './contract.js';
import { deleteRedisKeys } from './redis-cleanup.js';
import { createRedisCache } from './redis.js';

for (const key of ['REDIS_URL', 'REDIS_SENTINEL_URL', 'REDIS_CLUSTER_URL'] as const) {
  const url = realStore(key);
  if (!url) continue;
  describeCacheContract({
    name: `redis at ${key}`,
    create: async () => {
      const prefix = `test-${randomUUID()}:`;
      const cache = createRedisCache({ url, prefix, commandTimeoutMs: 10_000 });
      return {
        cache,
        passTime: (ms) => sleep(ms),
        reopen: async () => createRedisCache({ url, prefix }),
        [Symbol.asyncDispose]: async () => {
          await cache.close();
          await deleteRedisKeys(url, prefix);
        },
      };
    },
  });
}

leaveOutWithout('REDIS_URL', it);
