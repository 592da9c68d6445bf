import { Cluster, type Redis } from 'ioredis';
import { RedisConnection } from './redis-client.js';

/** Deletes every key under a prefix, for tests. */
export async function deleteRedisKeys(url: string, prefix: string): Promise<void> {
  const connection = new RedisConnection({ url, store: 'cleanup', commandTimeoutMs: 10_000 });
  try {
    await connection.run(async (client) => {
      const nodes = client instanceof Cluster ? client.nodes('master') : [client];
      await Promise.all(nodes.map((node) => deleteOnNode(node, prefix)));
    });
  } finally {
    await connection.close();
  }
}

async function deleteOnNode(node: Redis, prefix: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await node.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 1_000);
    cursor = next;
    // One by one: in a cluster the keys of a page belong to different slots.
    await Promise.all(keys.map((key) => node.unlink(key)));
  } while (cursor !== '0');
}
