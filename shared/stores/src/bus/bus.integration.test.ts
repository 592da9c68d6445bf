import { randomUUID } from 'node:crypto';
import { leaveOutWithout, realStore } from '@loomgraph/testing';
import { deleteRedisKeys } from '../cache/redis-cleanup.js';
import { describeBusContract } from './contract.js';
import { deleteKafkaNames } from './kafka-cleanup.js';
import { createKafkaBus } from './kafka.js';
import { createRedisStreamsBus } from './redis-streams.js';

const retry = { minDelayMs: 5, maxDelayMs: 50 };

for (const key of ['REDIS_URL', 'REDIS_SENTINEL_URL', 'REDIS_CLUSTER_URL'] as const) {
  const url = realStore(key);
  if (!url) continue;
  describeBusContract({
    name: `redis streams at ${key}`,
    create: async () => {
      const prefix = `test-${randomUUID()}:`;
      const open = () => createRedisStreamsBus({ url, prefix, retry, partitions: 4, leaseMs: 1_500 });
      const [bus, other] = [open(), open()];
      return {
        bus,
        other,
        reopen: async () => open(),
        [Symbol.asyncDispose]: async () => {
          await Promise.all([bus.close(), other.close()]);
          await deleteRedisKeys(url, prefix);
        },
      };
    },
  });
}

const kafkaUrl = realStore('KAFKA_URL');
if (kafkaUrl) {
  describeBusContract({
    name: 'kafka at KAFKA_URL',
    create: async () => {
      const prefix = `test-${randomUUID()}.`;
      const open = () => createKafkaBus({ url: kafkaUrl, prefix, retry, partitions: 3, sessionTimeoutMs: 6_000 });
      const [bus, other] = [open(), open()];
      return {
        bus,
        other,
        reopen: async () => open(),
        [Symbol.asyncDispose]: async () => {
          await Promise.all([bus.close(), other.close()]);
          await deleteKafkaNames(kafkaUrl, prefix);
        },
      };
    },
  });
}

leaveOutWithout('REDIS_URL', it);
