/** Three Redis masters that share the 16384 hash slots. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REDIS_INSTALL_KEY, installRedis, redisServer } from '../install/redis.ts';
import { CHECK_TIMEOUT_MS, type StoreRecipe } from '../recipe.ts';
import { parseInfo, redisCommand } from '../wire/redis.ts';
import { REDIS_SETTINGS, renderRedisConfig } from './redis-config.ts';

const SLOTS = 16_384;
const NODES = ['node-1', 'node-2', 'node-3'] as const;

export const redisCluster: StoreRecipe = {
  name: 'redis-cluster',
  envKey: 'REDIS_CLUSTER_URL',
  // Bus ports are named, since the default (port + 10000) need not be free.
  portNames: [...NODES, ...NODES.map((name) => `${name}-bus`)],
  startTimeoutMs: 60_000,
  stopTimeoutMs: 15_000,
  installKey: REDIS_INSTALL_KEY,
  install: installRedis,

  async prepare({ dataDir, port }) {
    for (const name of NODES) {
      await mkdir(join(dataDir, name), { recursive: true });
      const settings = {
        ...REDIS_SETTINGS,
        port: String(port(name)),
        'cluster-enabled': 'yes',
        'cluster-port': String(port(`${name}-bus`)),
        'cluster-announce-ip': '127.0.0.1',
        'cluster-node-timeout': '3000',
      };
      await writeFile(join(dataDir, name, 'redis.conf'), renderRedisConfig(settings));
    }
  },

  processes: ({ installDir, dataDir }) =>
    NODES.map((name) => ({ name, ...redisServer(installDir), args: ['redis.conf'], cwd: join(dataDir, name) })),

  // Each step is skipped when done, so a formation that was interrupted is completed by the next start.
  async provision({ port }) {
    const targets = NODES.map((name) => ({ port: port(name), bus: port(`${name}-bus`), timeoutMs: CHECK_TIMEOUT_MS }));
    for (const [index, target] of targets.entries()) {
      const slots = slotRange(index, NODES.length);
      const info = await clusterInfo(target);
      if (info.get('cluster_known_nodes') === '1' && info.get('cluster_my_epoch') === '0') {
        await redisCommand(target, 'CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
      }
      if (!(await ownsSlots(target))) await redisCommand(target, 'CLUSTER', 'ADDSLOTSRANGE', slots.first, slots.last);
      if (index > 0 && info.get('cluster_known_nodes') !== String(NODES.length)) {
        for (const other of targets.slice(0, index)) {
          await redisCommand(target, 'CLUSTER', 'MEET', '127.0.0.1', other.port, other.bus);
        }
      }
    }
  },

  async check({ port }) {
    for (const name of NODES) {
      const info = await clusterInfo({ port: port(name), timeoutMs: CHECK_TIMEOUT_MS });
      const [state, nodes] = [info.get('cluster_state'), info.get('cluster_known_nodes')];
      if (state !== 'ok' || nodes !== String(NODES.length)) throw new Error(`${name}: state ${state}, ${nodes} nodes known`);
    }
  },

  url: (port) => `redis+cluster://${NODES.map((name) => `127.0.0.1:${port(name)}`).join(',')}`,
};

/** The `index`-th of `count` even parts of the slots, both ends included. */
export function slotRange(index: number, count: number): { readonly first: number; readonly last: number } {
  const start = (part: number) => Math.floor((part * SLOTS) / count);
  return { first: start(index), last: start(index + 1) - 1 };
}

type Target = Parameters<typeof redisCommand>[0];

async function clusterInfo(target: Target): Promise<ReadonlyMap<string, string>> {
  return parseInfo(String(await redisCommand(target, 'CLUSTER', 'INFO')));
}

/** Whether the node's own line in CLUSTER NODES ends in slots, after its eight fixed fields. */
async function ownsSlots(target: Target): Promise<boolean> {
  const nodes = String(await redisCommand(target, 'CLUSTER', 'NODES')).split('\n');
  const own = nodes.find((line) => line.includes('myself')) ?? '';
  return own.trim().split(' ').length > 8;
}
