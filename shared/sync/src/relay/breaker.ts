import { jitter } from '../projection/policy.js';

export type BreakerState = 'closed' | 'open' | 'half-open';

/** Longer than a batch may take. */
const PROBE_MS = 60_000;

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly opensAfter: number;
  /** How long it stays open the n-th time in a row (from 1), before jitter; an error that names a longer wait is believed. */
  readonly wait: (openings: number) => number;
  readonly now?: () => number;
}

/** Where a breaker stands; times in ms since the epoch. */
export interface BreakerStatus {
  readonly state: BreakerState;
  /** Since when it has not been closed. */
  readonly since: number | undefined;
  readonly nextTryAt: number | undefined;
  readonly error: unknown;
}

/**
 *   closed --`opensAfter` failures in a row--> open --the wait is over, one asks--> half-open (that one alone runs)
 *   half-open --success--> closed;  --failure--> open, for longer;  --abandoned--> open, the next may ask at once
 *
 * Late answers of what was admitted earlier count too: a success closes it, a failure while it is open changes nothing.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #now: () => number;
  #state: BreakerState = 'closed';
  #failures = 0;
  #openings = 0;
  #since: number | undefined;
  #nextTryAt = 0;
  #admittedAt = 0;
  #error: unknown;
  /** Called when it closes. */
  onClose: () => void = () => undefined;

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  status(): BreakerStatus {
    const open = this.#state !== 'closed';
    return { state: this.#state, since: this.#since, nextTryAt: open ? this.#nextTryAt : undefined, error: open ? this.#error : undefined };
  }

  /** How long to wait before it is worth asking: 0 when one may be admitted now. */
  waitMs(): number {
    if (this.#state === 'closed') return 0;
    if (this.#state === 'open') return Math.max(0, this.#nextTryAt - this.#now());
    // The one that runs decides soon, and is looked for at the pace of the first wait; should it have vanished, another may.
    return this.#now() - this.#admittedAt > PROBE_MS ? 0 : this.#options.wait(1);
  }

  /** Whether the caller may run now; it then owes `succeeded`, `failed` or `abandoned`. */
  admit(): boolean {
    if (this.waitMs() > 0) return false;
    if (this.#state !== 'closed') {
      this.#state = 'half-open';
      this.#admittedAt = this.#now();
    }
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#openings = 0;
    this.#since = undefined;
    this.onClose();
  }

  failed(error: unknown): void {
    this.#failures++;
    if (this.#state === 'open' || (this.#state === 'closed' && this.#failures < this.#options.opensAfter)) return;
    this.#state = 'open';
    this.#openings++;
    this.#since ??= this.#now();
    this.#error = error;
    this.#nextTryAt = this.#now() + Math.max(retryAfterMs(error), jitter(this.#options.wait(this.#openings)));
  }

  /** What was admitted ended without a word about the target. */
  abandoned(): void {
    if (this.#state === 'half-open') this.#state = 'open';
  }
}

/** Longest wait that an error may ask for. */
const RETRY_AFTER_LIMIT_MS = 3_600_000;

/** A provider that says when to come back is believed, within reason. */
export function retryAfterMs(error: unknown): number {
  const value = (error as { details?: { retryAfterMs?: unknown } } | null)?.details?.retryAfterMs;
  return typeof value === 'number' && value > 0 ? Math.min(value, RETRY_AFTER_LIMIT_MS) : 0;
}
