import { jitter } from '../projection/policy.js';

export interface LoopOptions {
  /** One round; answers whether there may be more to do at once. */
  readonly round: () => Promise<boolean>;
  /** Longest sleep between rounds: the floor under every notification. */
  readonly pollMs: number;
  /** Wait after the n-th round in a row that failed; the error may name a longer one. */
  readonly backoff: (failures: number) => number;
  readonly onError: (error: unknown, waitMs: number) => void;
}

/**
 * Runs rounds one after the other: at once while there is work, after `wake` or `pollMs` when there is none, and after a backed-off, jittered wait
 * when one fails (a wake does not shorten that one).
 */
export class Loop {
  readonly #options: LoopOptions;
  #stopped = false;
  #woken = false;
  #wake: (() => void) | undefined;
  #running: Promise<void> | undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  /** Resolves when the round in progress has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopped) {
      try {
        const more = await this.#options.round();
        failures = 0;
        if (!more) await this.#sleep(this.#options.pollMs, true);
      } catch (error) {
        failures++;
        const waitMs = Math.max(retryAfterMs(error), jitter(this.#options.backoff(failures)));
        this.#options.onError(error, waitMs);
        await this.#sleep(waitMs, false);
      }
    }
  }

  async #sleep(ms: number, wakeable: boolean): Promise<void> {
    if (this.#stopped) return;
    if (wakeable && this.#woken) {
      this.#woken = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        if (!wakeable && !this.#stopped) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
    if (wakeable) this.#woken = false;
  }
}

/** A provider that says when to come back is believed. */
function retryAfterMs(error: unknown): number {
  const value = (error as { details?: { retryAfterMs?: unknown } } | null)?.details?.retryAfterMs;
  return typeof value === 'number' && value > 0 ? value : 0;
}
