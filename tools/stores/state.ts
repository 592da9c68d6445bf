/** `state.json`: what runs where. Ports and data folder outlive a stop, so a store comes back as it was. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.ts';
import type { StoreName } from './names.ts';
import type { ProcessRecord } from './process-record.ts';

export interface StoreRecord {
  /** Holds `data` and `log`. */
  readonly dir: string;
  readonly url: string;
  readonly ports: Readonly<Record<string, number>>;
  /** By process name; empty when the store was stopped. */
  readonly processes: Readonly<Record<string, ProcessRecord>>;
  /** Whether a commit waits for the disk; `false` only when asked for. */
  readonly fsync: boolean;
}

export interface StoresState {
  readonly version: 1;
  readonly dataRoot: string;
  readonly stores: Readonly<Partial<Record<StoreName, StoreRecord>>>;
}

const LOCK_TIMEOUT_MS = 10_000;

/** `undefined` when nothing was ever started from `stateDir`. */
export function readState(stateDir: string): StoresState | undefined {
  let text: string;
  try {
    text = readFileSync(statePath(stateDir), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // Node's fs throws errno errors.
    throw error;
  }
  const state: StoresState = JSON.parse(text);
  if (state.version !== 1) throw new Error(`${statePath(stateDir)} has version ${String(state.version)}; expected 1`);
  return state;
}

/** Changes one store's record atomically; `change` returning `undefined` removes it. */
export async function updateRecord(
  location: { readonly stateDir: string; readonly dataRoot: string },
  name: StoreName,
  change: (record: StoreRecord | undefined) => StoreRecord | undefined,
): Promise<void> {
  await withLock({ name: statePath(location.stateDir), timeoutMs: LOCK_TIMEOUT_MS }, async () => {
    const { [name]: record, ...others } = readState(location.stateDir)?.stores ?? {};
    const changed = change(record);
    writeState(location.stateDir, {
      version: 1,
      dataRoot: location.dataRoot,
      stores: changed ? { ...others, [name]: changed } : others,
    });
  });
}

function writeState(stateDir: string, state: StoresState): void {
  mkdirSync(stateDir, { recursive: true, mode: 0o755 });
  const temporary = `${statePath(stateDir)}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(temporary, statePath(stateDir));
}

function statePath(stateDir: string): string {
  return join(stateDir, 'state.json');
}
