/** Folders of a store, and the context its recipe works with. */
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StoresConfig } from './config.ts';
import { chooseDataRoot } from './data-root.ts';
import type { StoreContext, StoreRecipe } from './recipe.ts';
import { type ServerUser, findServerUser } from './server-user.ts';
import { type StoreRecord, readState } from './state.ts';

/** The recorded data root, so that data is found again even when the choice would now be another. */
export function resolveDataRoot(config: StoresConfig): string {
  return readState(config.stateDir)?.dataRoot ?? chooseDataRoot(config);
}

export function storeContext(
  config: StoresConfig,
  recipe: StoreRecipe,
  { dir, ports, fsync }: Pick<StoreRecord, 'dir' | 'ports' | 'fsync'>,
): StoreContext {
  return {
    installDir: join(config.cacheDir, recipe.installKey),
    dir,
    dataDir: join(dir, 'data'),
    logDir: join(dir, 'log'),
    user: recipe.users && findServerUser(recipe.users, config.isRoot),
    fsync,
    port: portLookup(recipe.name, ports),
  };
}

export function portLookup(store: string, ports: Readonly<Record<string, number>>): (name: string) => number {
  return (name) => {
    const port = ports[name];
    if (port === undefined) throw new Error(`${store} has no port named ${name}`);
    return port;
  };
}

/** Makes `path` and its parents; the last one belongs to `user`, when there is one. */
export function makeFolder(path: string, mode: number, user?: ServerUser): void {
  mkdirSync(path, { recursive: true, mode: 0o755 });
  chmodSync(path, mode); // mkdir's mode is cut by the umask.
  if (user) chownSync(path, user.uid, user.gid);
}
