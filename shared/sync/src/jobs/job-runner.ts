import { LoomError, StoreError } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { randomUUID } from 'node:crypto';
import type { Projection } from '../projection/define-projection.js';
import { exponential } from '../projection/policy.js';
import type { RecordType } from '../record.js';
import { Loop } from '../relay/loop.js';
import { claimJob, endJob, noteJob, type JobNote } from './claim-job.js';
import type { JobContext } from './job-context.js';
import { jobKinds, type Job } from './job.js';
import { runCheck } from './run-check.js';
import { runRebuild } from './run-rebuild.js';

/** Hands a consumer its events since a time again, as `ConsumerHost.replay` does: asked again by the same job, it goes on. */
export type Replay = (
  consumer: string,
  sinceMs: number,
  options: {
    readonly jobId: string;
    readonly signal: AbortSignal;
    readonly onProgress: (done: number, total?: number) => Promise<void>;
  },
) => Promise<unknown>;

export interface JobRunnerOptions {
  readonly store: RelationalStore;
  readonly projections: readonly Projection[];
  readonly records: readonly RecordType[];
  readonly subgraph: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Without it, replays wait for a process that has it. */
  readonly replay?: Replay;
  /** Longest time before a new job is seen. Default 1 s. */
  readonly pollMs?: number;
  /** How long a job stays with a process that says nothing of itself. Default 15 s. */
  readonly leaseMs?: number;
}

const NOTE_MS = 500;
const WAIT_WHEN_AWAY_MS = 5_000;
const ERROR_LENGTH = 2_000;

/**
 * Runs the jobs of a subgraph, one at a time in this process.
 *
 *   queued --claimed--> running --over--> done | failed;  --mark seen--> cancelled
 *   running --store away, or this process stops--> queued, with what it noted;  --process killed: lease runs out--> claimed by another
 */
export class JobRunner implements AsyncDisposable {
  readonly #options: Required<Omit<JobRunnerOptions, 'replay'>> & Pick<JobRunnerOptions, 'replay'>;
  readonly #owner = randomUUID();
  readonly #stopping = new AbortController();
  readonly #loop: Loop;
  readonly #ended: (job: Job, state: string) => void;

  constructor(options: JobRunnerOptions) {
    this.#options = { pollMs: 1_000, leaseMs: 15_000, ...options };
    const { subgraph, logger, metrics, pollMs } = this.#options;
    const counter = metrics.counter('sync_jobs_total', 'Jobs that ended, or were given back.', ['subgraph', 'kind', 'state']);
    this.#ended = (job, state) => counter.inc({ subgraph, kind: job.kind, state });
    this.#loop = new Loop({
      round: () => this.#round(),
      pollMs,
      backoff: exponential(500, 30_000),
      onError: (error, waitMs) => logger.warn('The runner of jobs backs off.', { subgraph, waitMs, error }),
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** A job was created: look now instead of at the next poll. */
  notify(): void {
    this.#loop.wake();
  }

  /** The job under way is given back, for another process to go on with. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #round(): Promise<boolean> {
    const { store, leaseMs, replay } = this.#options;
    const kinds = jobKinds.filter((kind) => kind !== 'replay' || replay);
    const job = await claimJob(store, { owner: this.#owner, kinds, leaseMs });
    if (!job) return false;
    await this.#run(job);
    return true;
  }

  async #run(job: Job): Promise<void> {
    const { store, leaseMs, subgraph, logger } = this.#options;
    const stopped = new AbortController();
    const signal = AbortSignal.any([stopped.signal, this.#stopping.signal]);
    const lease: { verdict: Awaited<ReturnType<typeof noteJob>> } = { verdict: 'go on' };
    const tell = async (note?: JobNote): Promise<void> => {
      lease.verdict = await noteJob(store, job.id, { owner: this.#owner, leaseMs, ...(note ? { note } : {}) });
      if (lease.verdict !== 'go on') stopped.abort();
    };
    // The lease is renewed whatever the job is doing; a note that failed shows in the job's next statement.
    const heartbeat = setInterval(() => void tell().catch(() => undefined), leaseMs / 3);
    try {
      await tell();
      signal.throwIfAborted();
      const notes = throttled(tell);
      const result = await this.#work({ ...this.#options, job, signal, note: notes.note });
      clearInterval(heartbeat);
      await notes.flush({ done: notes.last?.done ?? 0, total: notes.last?.done, result });
      await this.#end(job, lease.verdict === 'cancelled' ? 'cancelled' : 'done');
    } catch (error) {
      clearInterval(heartbeat);
      if (lease.verdict === 'lost') return;
      if (lease.verdict === 'cancelled') return await this.#end(job, 'cancelled');
      if (this.#stopping.signal.aborted) return await this.#end(job, 'queued');
      const { code } = error as { code?: unknown };
      const reason = {
        code: typeof code === 'string' ? code.slice(0, 64) : 'INTERNAL_SERVER_ERROR',
        message: (error as Error).message.slice(0, ERROR_LENGTH),
      };
      const passes = error instanceof StoreError ? error.retryable : error instanceof LoomError && error.entry.retryable;
      logger.warn(passes ? 'A job waits for a store.' : 'A job failed.', { subgraph, job: job.id, kind: job.kind, error });
      await this.#end(job, passes ? 'queued' : 'failed', reason, passes ? WAIT_WHEN_AWAY_MS : 0);
    }
  }

  async #end(
    job: Job,
    state: 'done' | 'failed' | 'cancelled' | 'queued',
    error?: { code: string; message: string },
    waitMs = 0,
  ): Promise<void> {
    await endJob(this.#options.store, job.id, { owner: this.#owner, state, waitMs, ...(error ? { error } : {}) });
    this.#ended(job, state);
  }

  async #work(context: JobContext): Promise<unknown> {
    const { job, signal, note } = context;
    if (job.kind === 'rebuild') return runRebuild(context);
    if (job.kind !== 'replay') return runCheck(context);
    const { consumer = '', since = 0 } = job.options;
    return this.#options.replay?.(consumer, since, {
      jobId: job.id,
      signal,
      onProgress: (done, total) => note({ done, total, result: undefined }),
    });
  }
}

/** Lets a note through now and then, and the last one always; of those in between nothing is lost but time after a kill. */
function throttled(tell: (note: JobNote) => Promise<void>) {
  let at = 0;
  const notes = {
    last: undefined as JobNote | undefined,
    async note(note: JobNote): Promise<void> {
      notes.last = note;
      if (performance.now() - at < NOTE_MS) return;
      await tell(note);
      at = performance.now();
    },
    flush: (note: JobNote): Promise<void> => tell(note),
  };
  return notes;
}
