import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Lists of CPUs for `taskset`; undefined where processes are not bound to any. */
export interface Cores {
  readonly gateway: string | undefined;
  /** For the subgraphs and the load. */
  readonly others: string | undefined;
}

/** One core for the gateway, the rest for all else, where there are two and `taskset` can bind to them. */
export function chooseCores(): Cores {
  const count = availableParallelism();
  const last = count - 1;
  if (last < 1 || !canPin(`0-${last}`)) return { gateway: undefined, others: undefined };
  return { gateway: '0', others: last === 1 ? '1' : `1-${last}` };
}

/** The command line that runs a program on some cores. */
export function pinned(cores: string | undefined, program: string): readonly [string, ...string[]] {
  return cores === undefined ? [program] : ['taskset', '-c', cores, program];
}

function canPin(cores: string): boolean {
  try {
    execFileSync('taskset', ['-c', cores, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // not installed, or another numbering of CPUs
  }
}
