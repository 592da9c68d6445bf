import { machineCpuSeconds } from '../../../tools/harness/process-usage.ts';
import { loadStoresConfig } from '../../../tools/stores/config.ts';
import { readState } from '../../../tools/stores/state.ts';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { processTree } from '../../gateway/load/process-tree.ts';

/** Clock ticks per second in `/proc`: 100 on every Linux this runs on (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** The stores this bench uses, where `npm run stores` started them. */
const STORES = ['mysql', 'postgres', 'neo4j', 'redis'] as const;

/** Watches who keeps the cores busy, from now to the call of the result: `relay 0.61, writer 0.38, mysql 0.42 … of 2 cores`. */
export function watchCpuSplit(processes: Readonly<Record<string, number>>): () => string {
  const pids = { ...processes, ...storePids() };
  const readAll = (): Record<string, number> => Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, treeSeconds(pid)]));
  const before = readAll();
  const machineBefore = machineCpuSeconds();
  const startedAt = performance.now();
  return () => {
    const seconds = (performance.now() - startedAt) / 1_000;
    const after = readAll();
    const shares = Object.keys(pids).map((name) => [name, ((after[name] ?? NaN) - (before[name] ?? NaN)) / seconds] as const);
    const machine = (machineCpuSeconds() - machineBefore) / seconds;
    if (Number.isNaN(machine)) return 'who used the CPU cannot be told here: there is no /proc';
    const others = machine - shares.reduce((sum, [, share]) => sum + share, 0);
    return `cores in use: ${[...shares, ['others', Math.max(0, others)] as const].map(([name, share]) => `${name} ${share.toFixed(2)}`).join(', ')}; in all ${machine.toFixed(2)} of ${availableParallelism()}`;
  };
}

/** Of a process, those it started, and those of them that have ended: a server ends the process of each connection. */
function treeSeconds(pid: number): number {
  return processTree(pid).reduce((sum, one) => sum + cpuSeconds(one), 0);
}

/** User and system time, its own and that of ended children; 0 for a process that has ended meanwhile, which its parent counts from then on. */
function cpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold blanks itself; utime, stime, cutime and cstime are the twelfth to fifteenth after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

function storePids(): Record<string, number> {
  const stores = readState(loadStoresConfig().stateDir)?.stores ?? {};
  return Object.fromEntries(
    STORES.flatMap((name) => {
      const pid = Object.values(stores[name]?.processes ?? {})[0]?.pid;
      return pid === undefined ? [] : [[name, pid]];
    }),
  );
}
