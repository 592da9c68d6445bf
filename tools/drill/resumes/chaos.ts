import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../harness/random.ts';
import type { FaultLog } from '../sync/faults/fault-log.ts';
import { keepKilling } from './faults/killer.ts';
import { neverHit, type Step } from './faults/steps.ts';
import type { Journal } from './journal.ts';
import { runLoad } from './load/run-load.ts';
import { WorkerPool } from './load/worker-pool.ts';
import type { WorkerConfig } from './worker/worker-config.ts';

const SAY_EVERY_MS = 10_000;
const LOOK_MS = 100;
/** The last workers are written to for so long at most. */
const LAST_WRITES_MS = 60_000;
/** What is to be there at the end: what is planted needs five of them, and the last that users do may be to delete some. */
const ENOUGH = { versions: 12, questions: 2 };
/** A long run goes on until somebody was killed at every step, up to so many times what it is to kill: some step may never be reached. */
const OVERTIME = 1.5;

/** Users do what they do, and workers are killed meanwhile; in the end nothing is half-asked, and every worker has ended by itself. @returns seconds */
export async function runChaos(options: {
  readonly workers: number;
  readonly config: WorkerConfig;
  readonly kills: number;
  readonly longestMs: number;
  readonly isShort: boolean;
  readonly steps: readonly Step[];
  readonly log: FaultLog;
  readonly journal: Journal;
  /** Is told of workers that end in any way but those that are meant. */
  readonly failures: string[];
  readonly random: Random;
  readonly resources: AsyncDisposableStack;
  say(line: string): void;
}): Promise<number> {
  const { workers, config, kills, longestMs, isShort, steps, log, journal, failures, random, resources, say } = options;
  const startedAt = performance.now();
  const pool = new WorkerPool(random.fork('pool'));
  const ended = new AbortController();
  resources.defer(() => ended.abort());
  const load = runLoad({ pool, random: random.fork('load'), journal, signal: ended.signal });
  // A user that fails is a fault of the drill, or finds one: it ends here, not as an unhandled rejection.
  const loadFailed = new Promise<never>((_, reject) => void load.catch(reject));
  const isEnough = (): boolean =>
    ended.signal.aborted ||
    performance.now() - startedAt > longestMs ||
    log.total >= OVERTIME * kills ||
    (log.total >= kills && (isShort || neverHit(steps, log).length === 0));
  const killing = Array.from({ length: workers }, (_, place) =>
    keepKilling({
      config,
      pool,
      random: random.fork(`killer ${place}`),
      log,
      steps,
      isEnough,
      answered: (id) => journal.countOutcome(id),
      failed: (reason) => failures.push(reason),
      resources,
    }),
  );
  const progress = setInterval(
    () => say(`${log.total} of ${kills} kills; ${journal.uploads.length} uploads, ${journal.suggestions.length} questions`),
    SAY_EVERY_MS,
  );
  try {
    const stops = await Promise.race([Promise.all(killing), loadFailed]);
    // Those that are left are written to as well, until there is something to check.
    for (const until = Date.now() + LAST_WRITES_MS; Date.now() < until && !hasEnough(journal);) await sleep(LOOK_MS);
    ended.abort();
    await load;
    for (const stop of stops) await stop();
  } finally {
    clearInterval(progress);
  }
  return (performance.now() - startedAt) / 1_000;
}

function hasEnough(journal: Journal): boolean {
  const versions = journal.uploads.filter((upload) => upload.state === 'completed' && !journal.isGone(upload));
  return (
    versions.length >= ENOUGH.versions && journal.suggestions.filter(({ upload }) => !journal.isGone(upload)).length >= ENOUGH.questions
  );
}
