import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

/** What a process holds while it does nothing; NaN where there is no `/proc`. */
export interface Sample {
  /** Of JavaScript, after the garbage was collected. */
  readonly heapMb: number;
  /** Buffers and what native code holds for JavaScript. */
  readonly externalMb: number;
  readonly rssMb: number;
  /** What keeps the process alive: sockets, servers, pipes, timers. */
  readonly handles: number;
  /** File descriptors: sockets and pipes that keep nothing alive, too. */
  readonly openFiles: number;
  readonly childProcesses: number;
}

const MB = 2 ** 20;
/** Finalizers need more than one. */
const COLLECTIONS = 2;
const SETTLE_STEP_MS = 250;
const SETTLE_STEPS = 12;

/** Waits for processes that are ending, collects the garbage, and looks. Needs `--expose-gc`. @throws Error without it */
export async function takeSample(): Promise<Sample> {
  const { gc } = globalThis;
  if (!gc) throw new Error('Start this process with --expose-gc.');
  await settle();
  for (let collection = 0; collection < COLLECTIONS; collection++) {
    // The ordinary kind keeps code that might run again, of operations that were driven out: megabytes that come and go.
    await gc({ type: 'major', execution: 'async', flavor: 'last-resort' });
    await setImmediate();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    heapMb: heapUsed / MB,
    externalMb: external / MB,
    rssMb: rss / MB,
    handles: process.getActiveResourcesInfo().length,
    openFiles: openFiles(),
    childProcesses: childProcesses(),
  };
}

/** A process that was told to end has a moment for it: the count is taken once it stays the same. */
async function settle(): Promise<void> {
  let before = Number.NaN;
  let same = 0;
  for (let step = 0; step < SETTLE_STEPS && same < 2; step++) {
    const now = openFiles() + childProcesses();
    same = Object.is(now, before) ? same + 1 : 0;
    before = now;
    await sleep(SETTLE_STEP_MS);
  }
}

function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return Number.NaN; // not Linux
  }
}

function childProcesses(): number {
  try {
    // Any thread may have started one.
    const lists = readdirSync('/proc/self/task').map((thread) => readFileSync(`/proc/self/task/${thread}/children`, 'utf8'));
    return lists.join(' ').split(' ').filter(Boolean).length;
  } catch {
    return Number.NaN; // not Linux
  }
}
