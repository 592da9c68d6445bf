import type { StoresConfig } from './config.ts';
import { STORE_NAMES, type StoreName } from './names.ts';
import { isAlive } from './process-record.ts';
import { RECIPES } from './recipes/all.ts';
import { readState } from './state.ts';

/** URLs, by environment variable, of those stores of `names` that are recorded and have a process running. */
export function readStoresEnv(config: StoresConfig, names: readonly StoreName[] = STORE_NAMES): Record<string, string> {
  const stores = readState(config.stateDir)?.stores ?? {};
  const env: Record<string, string> = {};
  for (const name of names) {
    const record = stores[name];
    if (record && Object.values(record.processes).some(isAlive)) env[RECIPES[name].envKey] = record.url;
  }
  return env;
}

/** Lines for a POSIX shell's `eval`. */
export function renderExports(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([key, value]) => `export ${key}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('');
}
