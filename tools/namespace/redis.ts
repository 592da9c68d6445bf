import { parseMultiHostUrl } from '@loomgraph/config';
import { Cluster, Redis } from 'ioredis';

const DEFAULT_PORT = 6_379;
const DEFAULT_SENTINEL_PORT = 26_379;

/** Deletes every key that starts with `prefix`. @returns how many */
export async function deleteRedisKeys(url: string, prefix: string): Promise<number> {
  const client = connect(url);
  try {
    if (client instanceof Redis) return await deleteOnNode(client, prefix);
    await client.connect();
    const counts = await Promise.all(client.nodes('master').map((node) => deleteOnNode(node, prefix)));
    return counts.reduce((sum, count) => sum + count, 0);
  } finally {
    client.disconnect();
  }
}

function connect(url: string): Redis | Cluster {
  const target = parseMultiHostUrl(url);
  if (!target) throw new Error(`Not a Redis URL: ${url}`);
  const { scheme, hosts, path, username, password } = target;
  const credentials = { ...(username && { username }), ...(password && { password }) };
  if (scheme.endsWith('+cluster')) {
    const nodes = hosts.map(({ host, port }) => ({ host, port: port ?? DEFAULT_PORT }));
    return new Cluster(nodes, { lazyConnect: true, redisOptions: credentials });
  }
  if (scheme.endsWith('+sentinel')) {
    const sentinels = hosts.map(({ host, port }) => ({ host, port: port ?? DEFAULT_SENTINEL_PORT }));
    return new Redis({ sentinels, name: decodeURIComponent(path.slice(1)), ...credentials });
  }
  return new Redis(url);
}

async function deleteOnNode(node: Redis, prefix: string): Promise<number> {
  let deleted = 0;
  for await (const keys of node.scanStream({ match: `${escapeGlob(prefix)}*`, count: 1_000 }) as AsyncIterable<string[]>) {
    // One by one: in a cluster the keys of a page belong to different slots.
    await Promise.all(keys.map((key) => node.unlink(key)));
    deleted += keys.length;
  }
  return deleted;
}

const escapeGlob = (text: string): string => text.replace(/[\\*?[\]]/g, (character) => `\\${character}`);
