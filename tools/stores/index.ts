/**
 * Stores for tests and drills: the URLs of what runs, and ways to stop, crash and revive a store on the same ports and
 * data. Starting from nothing is the command's business: `npm run stores -- up`.
 */
import { loadStoresConfig } from './config.ts';
import { readStoresEnv } from './env.ts';
import { createLimit } from './limit.ts';
import type { StoreName } from './names.ts';
import { createPortPicker } from './ports.ts';
import { startStore as start } from './start.ts';
import { readState } from './state.ts';
import { stopStore as stop } from './stop.ts';

export type { StoreName } from './names.ts';

/** URLs by environment variable of the stores that are recorded and alive; `{}` when none is. */
export function loadStoresEnv(): Record<string, string> {
  return readStoresEnv(loadStoresConfig());
}

/** Stops a store as its `down` does. A no-op when it is down. */
export async function stopStore(name: StoreName): Promise<void> {
  await stop({ config: loadStoresConfig(), name, mode: 'graceful', data: 'keep' });
}

/**
 * Ends a store's processes with SIGKILL and waits until they are gone. `processes` names some of several, as in
 * `killStore('redis-sentinel', ['node-1'])`. A no-op when the store is down.
 */
export async function killStore(name: StoreName, processes?: readonly string[]): Promise<void> {
  await stop({ config: loadStoresConfig(), name, mode: 'kill', data: 'keep', only: processes });
}

/** Starts what is not running of a store, on its recorded ports and data, and waits until it serves. Throws when it does not. */
export async function startStore(name: StoreName): Promise<void> {
  const config = loadStoresConfig();
  const ports = createPortPicker({ reserved: recordedPorts(config.stateDir) });
  await start({ config, name, limit: createLimit(1), ports, onStep: () => {} });
}

function recordedPorts(stateDir: string): readonly number[] {
  return Object.values(readState(stateDir)?.stores ?? {}).flatMap((record) => Object.values(record.ports));
}
