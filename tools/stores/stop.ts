/** Takes one store down, keeping its ports and data unless asked to delete them. */
import { rm } from 'node:fs/promises';
import type { StoresConfig } from './config.ts';
import { resolveDataRoot, storeContext } from './location.ts';
import { withLock } from './lock.ts';
import type { StoreName } from './names.ts';
import { type ProcessRecord, isAlive, stopProcess } from './process-record.ts';
import type { ProcessSpec } from './recipe.ts';
import { RECIPES } from './recipes/all.ts';
import { readState, updateRecord } from './state.ts';

export interface StopStoreOptions {
  readonly config: StoresConfig;
  readonly name: StoreName;
  /** `kill` is SIGKILL to every process at once: a crash. */
  readonly mode: 'graceful' | 'kill';
  readonly data: 'keep' | 'delete';
  /** Only these processes of the store; all when absent. */
  readonly only?: readonly string[] | undefined;
}

const LOCK_TIMEOUT_MS = 5 * 60_000;

/** Returns whether anything was running. */
export function stopStore(options: StopStoreOptions): Promise<boolean> {
  const { config, name, mode, data, only } = options;
  return withLock({ name: `${config.stateDir}:${name}`, timeoutMs: LOCK_TIMEOUT_MS }, async () => {
    const record = readState(config.stateDir)?.stores[name];
    if (!record) return false;
    const recipe = RECIPES[name];
    const unknown = only?.filter((process) => !(process in record.processes)) ?? [];
    if (unknown.length > 0) throw new Error(`${name} has no running process named ${unknown.join(', ')}`);
    const chosen = Object.entries(record.processes).filter(([process]) => !only || only.includes(process));
    const wasRunning = chosen.some(([, process]) => isAlive(process));
    if (mode === 'kill') await Promise.all(chosen.map(([, process]) => stopProcess(process, KILL)));
    else {
      const specs = recipe.processes(storeContext(config, recipe, record));
      await stopProcesses({ processes: Object.fromEntries(chosen), specs, timeoutMs: recipe.stopTimeoutMs });
    }
    if (data === 'delete') await rm(record.dir, { recursive: true, force: true });
    const location = { stateDir: config.stateDir, dataRoot: resolveDataRoot(config) };
    const left = Object.entries(record.processes).filter(([, process]) => isAlive(process));
    await updateRecord(location, name, () => (data === 'delete' ? undefined : { ...record, processes: Object.fromEntries(left) }));
    return wasRunning;
  });
}

export interface StopProcessesOptions {
  readonly processes: Readonly<Record<string, ProcessRecord>>;
  /** In start order. */
  readonly specs: readonly ProcessSpec[];
  /** For each process, from its stop signal to SIGKILL. */
  readonly timeoutMs: number;
}

/** Stops in reverse start order: sentinels before the nodes they watch, lest they see a failure. */
export async function stopProcesses({ processes, specs, timeoutMs }: StopProcessesOptions): Promise<void> {
  for (const { name, stopSignal = 'SIGTERM' } of specs.toReversed()) {
    const record = processes[name];
    if (record) await stopProcess(record, { signal: stopSignal, timeoutMs });
  }
}

const KILL = { signal: 'SIGKILL', timeoutMs: 0 } as const;
