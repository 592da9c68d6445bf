import type { Invocation } from '../args.ts';
import type { StoresConfig } from '../config.ts';
import { storeContext } from '../location.ts';
import { missingProcesses } from '../missing-processes.ts';
import type { StoreName } from '../names.ts';
import { writeJson } from '../output.ts';
import { isAlive, residentBytes } from '../process-record.ts';
import { RECIPES } from '../recipes/all.ts';
import { type StoreRecord, readState } from '../state.ts';
import { renderTable } from '../table.ts';

export interface StoreStatus {
  readonly store: StoreName;
  /** `degraded`: a process is missing, or the store does not answer as it should. */
  readonly state: 'up' | 'degraded' | 'down' | 'absent';
  readonly pids: readonly number[];
  readonly port: number | undefined;
  readonly residentBytes: number;
  readonly uptimeSeconds: number;
  /** Why it is degraded. */
  readonly problem?: string;
}

/** Shows the stores; returns 0 when none of them is degraded. */
export async function status(config: StoresConfig, { stores, json }: Invocation): Promise<number> {
  const records = readState(config.stateDir)?.stores ?? {};
  const rows = await Promise.all(stores.map((name) => inspect(config, name, records[name])));
  const header = ['store', 'state', 'pid', 'port', 'RSS', 'uptime'];
  if (json === undefined) process.stdout.write(renderTable(header, rows.map(columns)));
  else writeJson(json, rows);
  for (const { store, problem } of rows) if (problem) process.stderr.write(`${store}: ${problem}\n`);
  return rows.some((row) => row.state === 'degraded') ? 1 : 0;
}

async function inspect(config: StoresConfig, store: StoreName, record: StoreRecord | undefined): Promise<StoreStatus> {
  const recipe = RECIPES[store];
  const running = Object.values(record?.processes ?? {}).filter(isAlive);
  const common = {
    store,
    pids: running.map((process) => process.pid),
    port: record?.ports[recipe.portNames[0] ?? ''],
    residentBytes: running.reduce((sum, process) => sum + residentBytes(process), 0),
    uptimeSeconds: Math.min(...running.map((process) => (Date.now() - Date.parse(process.startedAt)) / 1000), Infinity),
  };
  if (!record || running.length === 0) return { ...common, uptimeSeconds: 0, state: record ? 'down' : 'absent' };
  try {
    const context = storeContext(config, recipe, record);
    const missing = missingProcesses(recipe.processes(context), record);
    if (missing.length > 0) throw new Error(`${missing.map(({ name }) => name).join(', ')} not running`);
    await recipe.check(context);
    return { ...common, state: 'up' };
  } catch (error) {
    return { ...common, state: 'degraded', problem: error instanceof Error ? error.message : String(error) };
  }
}

function columns(row: StoreStatus): readonly string[] {
  const { pids } = row;
  const pid = pids.length > 1 ? `${pids[0]} +${pids.length - 1}` : String(pids[0] ?? '-');
  const resident = row.residentBytes > 0 ? `${Math.round(row.residentBytes / 2 ** 20)} MB` : '-';
  return [row.store, row.state, pid, String(row.port ?? '-'), resident, pids.length > 0 ? duration(row.uptimeSeconds) : '-'];
}

function duration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${Math.floor(seconds) % 60} s` : `${Math.floor(seconds)} s`;
}
