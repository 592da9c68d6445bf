import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../harness/random.ts';
import type { FaultLog } from '../../sync/faults/fault-log.ts';
import type { WorkerPool } from '../load/worker-pool.ts';
import { startWorker, type Worker } from '../worker/supervisor.ts';
import type { KillAt, WorkerConfig } from '../worker/worker-config.ts';
import { neverHit, type Step } from './steps.ts';

/** Of all kills; the others come at a moment. */
const AT_STEP_SHARE = 0.75;
/** How far a worker gets before its step counts, or its moment comes: in requests, so that a slow machine kills no earlier than a fast one. */
const STEP_AFTER = { from: 0, to: 25 };
const MOMENT_AFTER = { from: 2, to: 50 };
/** What is then waited for: the step, for so many requests more; the moment, by the clock. */
const STEP_PATIENCE = 80;
const MOMENT_MS = { from: 0, to: 200 };
/** A worker that nobody asks anything is killed all the same. */
const LONGEST_LIFE_MS = 30_000;
const LOOK_MS = 10;

/**
 * Keeps one worker going and kills it again and again: at a step, those first that nobody died at yet, or at any moment. Ends, with a worker that
 * nobody kills, once `isEnough`.
 */
export async function keepKilling(options: {
  readonly config: WorkerConfig;
  readonly pool: WorkerPool;
  readonly random: Random;
  readonly log: FaultLog;
  readonly steps: readonly Step[];
  readonly isEnough: () => boolean;
  readonly answered: (suggestionId: string) => void;
  readonly failed: (reason: string) => void;
  readonly resources: AsyncDisposableStack;
}): Promise<() => Promise<void>> {
  const { config, pool, random, log, steps, isEnough, answered, failed, resources } = options;
  let current: Worker | undefined;
  const closing = new AbortController();
  resources.defer(async () => {
    closing.abort();
    await current?.[Symbol.asyncDispose]();
  });
  while (!closing.signal.aborted) {
    const isLast = isEnough();
    const killAt = isLast || random.next() >= AT_STEP_SHARE ? undefined : drawKill(random, steps, log);
    let url: string | undefined;
    let isAlive = true;
    const worker = await startWorker(killAt === undefined ? config : { ...config, killAt }, {
      failed,
      line(line) {
        if (line.kind === 'ready') pool.add((url = line.url));
        else if (line.kind === 'kill') {
          isAlive = false;
          log.add(`kill ${line.step}`);
        } else if (line.kind === 'answered') answered(line.suggestionId);
        else failed(`a worker logged an error: ${line.what}`);
      },
    });
    current = worker;
    // The run was ended while it started: nobody would give it back.
    if (closing.signal.aborted) await worker[Symbol.asyncDispose]();
    const leaves = worker.ended.then(() => url !== undefined && pool.remove(url));
    if (isLast)
      return async () => {
        await worker.stop();
        await leaves;
      };
    const requests = killAt === undefined ? random.integer(MOMENT_AFTER.from, MOMENT_AFTER.to) : killAt.afterRequests + STEP_PATIENCE;
    const until = Date.now() + LONGEST_LIFE_MS;
    void worker.ended.then(() => (isAlive = false));
    const isDue = (): boolean => !isAlive || url === undefined || pool.answers(url) >= requests || Date.now() >= until;
    while (!isDue()) await sleep(LOOK_MS);
    await sleep(random.integer(MOMENT_MS.from, MOMENT_MS.to));
    if (isAlive) {
      log.add('kill moment');
      worker.kill();
    }
    await leaves;
  }
  return () => Promise.resolve();
}

/** Those first that nobody died at yet: some are not reached often. */
function drawKill(random: Random, steps: readonly Step[], log: FaultLog): KillAt {
  const fresh = neverHit(steps, log);
  return { step: random.pick(fresh.length > 0 ? fresh : steps), afterRequests: random.integer(STEP_AFTER.from, STEP_AFTER.to) };
}
