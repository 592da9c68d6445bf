/** Redis 7 from Debian: what the three Redis recipes share. */
import { join } from 'node:path';
import { debLibraryPath, unpackDebs } from './apt.ts';

export const REDIS_INSTALL_KEY = 'redis-7.0';

export const installRedis = (dir: string): Promise<void> => unpackDebs(['redis-server'], dir);

export function redisServer(installDir: string) {
  return { command: join(installDir, 'usr/bin/redis-server'), env: { LD_LIBRARY_PATH: debLibraryPath(installDir) } };
}
