/** Where stores keep things: read from the environment once, by `main.ts` and by the exported functions of `index.ts`. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isWorldTraversable } from './traversable.ts';

export interface StoresConfig {
  readonly repositoryRoot: string;
  /** Folder of `state.json`; also of the data, unless a server's user cannot reach it (see `data-root.ts`). */
  readonly stateDir: string;
  /** Downloads, shared by every clone on the machine. */
  readonly cacheDir: string;
  readonly isRoot: boolean;
}

export function loadStoresConfig(env: NodeJS.ProcessEnv = process.env): StoresConfig {
  const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
  const isRoot = process.getuid?.() === 0;
  return Object.freeze({
    repositoryRoot,
    stateDir: resolve(repositoryRoot, env['LOOM_STORES_DIR'] || '.stores'),
    cacheDir: chooseCacheDir({ env, home: homedir(), isRoot, isReachable: isWorldTraversable }),
    isRoot,
  });
}

export interface CacheChoice {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly isRoot: boolean;
  /** Whether another user of the machine may enter this path. */
  readonly isReachable: (path: string) => boolean;
}

/**
 * Picks the folder of the downloads. A value given in `LOOM_STORES_CACHE` is taken as it is; the defaults are skipped
 * when root runs this and the folder is closed to others, because three servers refuse root and read it as another user.
 */
export function chooseCacheDir({ env, home, isRoot, isReachable }: CacheChoice): string {
  const given = env['LOOM_STORES_CACHE'];
  if (given) return resolve(given);
  const preferred = join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'loomgraph-stores');
  return isRoot && !isReachable(preferred) ? '/var/cache/loomgraph-stores' : preferred;
}
