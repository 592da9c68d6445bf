import { jitter } from '../projection/policy.js';
import { retryAfterMs } from './breaker.js';

/** What a round says about the next: whether there may be more to do at once, or that nothing is worth trying for a while. */
export type NextRound = boolean | { readonly afterMs: number };

export interface LoopOptions {
  /** One round. */
  readonly round: () => Promise<NextRound>;
  /** Longest sleep between rounds, the floor under every notification; without one, only `wake` starts another round. */
  readonly pollMs?: number;
  /** Wait after the n-th round in a row that failed; the error may name a longer one. */
  readonly backoff: (failures: number) => number;
  readonly onError: (error: unknown, waitMs: number) => void;
}

/**
 * Runs rounds one after the other: at once while there is work, after `wake` or `pollMs` when there is none, and after a wait when a round asks for
 * one or fails (backed off, with jitter). A wake does not shorten that wait; `resume` does.
 */
export class Loop {
  readonly #options: LoopOptions;
  #stopped = false;
  #woken = false;
  #sleeping: { readonly wakeable: boolean; readonly end: () => void } | undefined;
  #running: Promise<void> | undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#woken = true;
    if (this.#sleeping?.wakeable) this.#sleeping.end();
  }

  /** What was waited for is over: looks now, whatever the wait. */
  resume(): void {
    this.#woken = true;
    this.#sleeping?.end();
  }

  /** Resolves when the round in progress has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#sleeping?.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopped) {
      try {
        const next = await this.#options.round();
        failures = 0;
        if (next === false) await this.#sleep(this.#options.pollMs, true);
        else if (next !== true) await this.#sleep(next.afterMs, false);
      } catch (error) {
        failures++;
        const waitMs = Math.max(retryAfterMs(error), jitter(this.#options.backoff(failures)));
        this.#options.onError(error, waitMs);
        await this.#sleep(waitMs, false);
      }
    }
  }

  async #sleep(ms: number | undefined, wakeable: boolean): Promise<void> {
    if (this.#stopped) return;
    if (wakeable && this.#woken) {
      this.#woken = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#sleeping = { wakeable, end };
    });
    this.#sleeping = undefined;
    if (wakeable) this.#woken = false;
  }
}
