import { exponential } from '../projection/policy.js';
import { GivenBack } from './batch-steps.js';
import { Breaker, type BreakerStatus } from './breaker.js';
import { FailureRecord } from './failure-record.js';
import { Loop, type NextRound } from './loop.js';
import { Worker, type WorkerOptions } from './worker.js';

export interface RunnerOptions extends WorkerOptions {
  /** Told when records were brought up to date: others may have waited for that. */
  readonly onApplied: () => void;
}

const backoff = exponential(250, 30_000);

/**
 * Runs the work of one projection: as many lanes as its policy has batches at once. The first looks when it is woken; each wakes the next when it
 * has claimed all it asked for, so that the next batch is claimed while one is written, and one lane is enough while there is little to do.
 *
 * Two breakers stand before a claim: the work's own, which a single failing batch opens, whatever the cause (the source is away, a provider
 * throttles), and the target's, which it shares with all that write to that store.
 */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #worker: Worker;
  readonly #own = new Breaker({ opensAfter: 1, wait: backoff });
  readonly #lanes: Loop[];
  readonly #record: FailureRecord;
  readonly #forget: () => void;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#worker = new Worker(options);
    this.#record = new FailureRecord(options.store, options.work, options.logger);
    this.#forget = options.gate.onReopened(() => {
      this.#own.succeeded();
      for (const lane of this.#lanes) lane.resume();
    });
    this.#own.onClose = () => {
      for (const lane of this.#lanes) lane.resume();
    };
    this.#lanes = Array.from({ length: Math.max(1, options.work.policy.concurrency) }, (_, lane) => {
      return new Loop({ round: () => this.#round(lane), backoff, onError: (error) => this.#log(error) });
    });
  }

  start(): void {
    for (const lane of this.#lanes) lane.start();
  }

  wake(): void {
    this.#lanes[0]?.wake();
  }

  /** Tells the projection's row how many records were brought up to date. */
  count(): Promise<void> {
    return this.#worker.count();
  }

  /** @param graceMs how long a batch that is being written may take to end */
  async stop(graceMs: number): Promise<void> {
    this.#forget();
    await this.#worker.stop(Promise.all(this.#lanes.map((lane) => lane.stop())), graceMs);
  }

  /** The breaker that stands in the way, the target's first; else the work's own. */
  status(): BreakerStatus {
    const target = this.#options.gate.breaker.status();
    return target.state === 'closed' ? this.#own.status() : target;
  }

  async #round(lane: number): Promise<NextRound> {
    const afterMs = Math.max(this.#own.waitMs(), this.#options.gate.breaker.waitMs());
    if (afterMs > 0 || !this.#own.admit()) return { afterMs: Math.max(afterMs, this.#own.waitMs()) };
    try {
      const { claimed, full } = await this.#worker.round((round) => {
        if (round.full) this.#lanes[lane + 1]?.wake();
      });
      if (claimed === 0) {
        this.#own.abandoned();
        return false;
      }
      this.#own.succeeded();
      await this.#record.clear();
      this.#options.onApplied();
      return full;
    } catch (error) {
      if (error instanceof GivenBack) this.#own.abandoned();
      else await this.#failed(error);
      return { afterMs: Math.max(this.#own.waitMs(), this.#options.gate.breaker.waitMs()) };
    }
  }

  async #failed(error: unknown): Promise<void> {
    this.#own.failed(error);
    this.#options.metrics.batchBackOff(this.#options.work.name);
    this.#log(error);
    await this.#record.set({ ...this.status(), error });
  }

  #log(error: unknown): void {
    const { subgraph, work, logger } = this.#options;
    logger.warn('The relay backs off.', { subgraph, part: work.name, breaker: this.status().state, waitMs: this.#own.waitMs(), error });
  }
}
