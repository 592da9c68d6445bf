/** A single Redis 7. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REDIS_INSTALL_KEY, installRedis, redisServer } from '../install/redis.ts';
import { CHECK_TIMEOUT_MS, type StoreRecipe } from '../recipe.ts';
import { redisCommand } from '../wire/redis.ts';
import { REDIS_SETTINGS, renderRedisConfig } from './redis-config.ts';

export const redis: StoreRecipe = {
  name: 'redis',
  envKey: 'REDIS_URL',
  portNames: ['main'],
  startTimeoutMs: 30_000,
  stopTimeoutMs: 15_000,
  installKey: REDIS_INSTALL_KEY,
  install: installRedis,

  async prepare({ dir, port }) {
    await writeFile(join(dir, 'redis.conf'), renderRedisConfig({ ...REDIS_SETTINGS, port: String(port('main')) }));
  },

  processes: ({ installDir, dir, dataDir }) => [
    { name: 'redis', ...redisServer(installDir), args: [join(dir, 'redis.conf')], cwd: dataDir },
  ],

  async check({ port }) {
    // Answered with an error, which throws, until the append-only file is read.
    await redisCommand({ port: port('main'), timeoutMs: CHECK_TIMEOUT_MS }, 'PING');
  },

  url: (port) => `redis://127.0.0.1:${port('main')}`,
};
