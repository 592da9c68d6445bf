/**
 * A Redis master, its replica and three sentinels, which move the master role within about two seconds of its death.
 * Sentinels rewrite all five configuration files as roles change, so the files live with the data and are written once.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REDIS_INSTALL_KEY, installRedis, redisServer } from '../install/redis.ts';
import { CHECK_TIMEOUT_MS, type ProcessSpec, type StoreContext, type StoreRecipe } from '../recipe.ts';
import { type RedisReply, redisCommand, redisInfo } from '../wire/redis.ts';
import { REDIS_SETTINGS, renderRedisConfig } from './redis-config.ts';

const MASTER_NAME = 'loom';
const NODES = ['node-1', 'node-2'] as const;
const SENTINELS = ['sentinel-1', 'sentinel-2', 'sentinel-3'] as const;

export const redisSentinel: StoreRecipe = {
  name: 'redis-sentinel',
  envKey: 'REDIS_SENTINEL_URL',
  portNames: [...SENTINELS, ...NODES],
  startTimeoutMs: 60_000,
  stopTimeoutMs: 15_000,
  installKey: REDIS_INSTALL_KEY,
  install: installRedis,

  async initialise({ dataDir, port }) {
    for (const name of [...NODES, ...SENTINELS]) await mkdir(join(dataDir, name));
    for (const name of NODES) {
      const settings: Record<string, string> = { ...REDIS_SETTINGS, port: String(port(name)) };
      if (name !== 'node-1') settings['replicaof'] = `127.0.0.1 ${port('node-1')}`;
      await writeFile(join(dataDir, name, 'redis.conf'), renderRedisConfig(settings));
    }
    for (const name of SENTINELS) await writeFile(join(dataDir, name, 'sentinel.conf'), renderSentinelConfig(port, name));
  },

  processes: (context) => [
    ...NODES.map((name, index) => ({
      ...serverProcess(context, name, ['redis.conf']),
      // A sentinel asks the master for its replicas when it connects, and again only after ten seconds.
      ...(index === NODES.length - 1 && { settled: () => checkReplication(context) }),
    })),
    ...SENTINELS.map((name) => serverProcess(context, name, ['sentinel.conf', '--sentinel'])),
  ],

  async check(context) {
    const views = await Promise.all(SENTINELS.map((name) => masterSeenBy(context, name)));
    for (const view of views) {
      if (view.get('flags') !== 'master') throw new Error(`a sentinel sees the master as ${view.get('flags')}`);
      if (view.get('num-other-sentinels') !== '2') throw new Error('the sentinels have not all found each other');
      if (view.get('num-slaves') !== '1') throw new Error('a sentinel has not found the replica');
    }
    if (new Set(views.map((view) => view.get('port'))).size !== 1) throw new Error('the sentinels disagree on the master');
    const master = await redisInfo({ port: Number(views[0]?.get('port')), timeoutMs: CHECK_TIMEOUT_MS }, 'replication');
    if (master.get('role') !== 'master' || master.get('connected_slaves') !== '1') {
      throw new Error('the replica is not connected to the master');
    }
  },

  url: (port) => `redis+sentinel://${SENTINELS.map((name) => `127.0.0.1:${port(name)}`).join(',')}/${MASTER_NAME}`,
};

function serverProcess({ installDir, dataDir }: StoreContext, name: string, args: readonly string[]): ProcessSpec {
  return { name, ...redisServer(installDir), args, cwd: join(dataDir, name) };
}

async function checkReplication({ port }: StoreContext): Promise<void> {
  const infos = NODES.map((name) => redisInfo({ port: port(name), timeoutMs: CHECK_TIMEOUT_MS }, 'replication'));
  const links = (await Promise.all(infos)).map((info) => info.get('master_link_status'));
  if (!links.includes('up')) throw new Error('no node follows the other');
}

function renderSentinelConfig(port: (name: string) => number, name: string): string {
  return `port ${port(name)}
bind 127.0.0.1
dir ./
sentinel monitor ${MASTER_NAME} 127.0.0.1 ${port('node-1')} 2
sentinel down-after-milliseconds ${MASTER_NAME} 1000
sentinel failover-timeout ${MASTER_NAME} 3000
sentinel parallel-syncs ${MASTER_NAME} 1
`;
}

async function masterSeenBy({ port }: StoreContext, sentinel: string): Promise<ReadonlyMap<string, string>> {
  const target = { port: port(sentinel), timeoutMs: CHECK_TIMEOUT_MS };
  return pairs(await redisCommand(target, 'SENTINEL', 'MASTER', MASTER_NAME));
}

function pairs(reply: RedisReply): ReadonlyMap<string, string> {
  if (!Array.isArray(reply)) throw new Error('a sentinel answered with something else than a list');
  const found = new Map<string, string>();
  for (let index = 0; index + 1 < reply.length; index += 2) found.set(String(reply[index]), String(reply[index + 1]));
  return found;
}
