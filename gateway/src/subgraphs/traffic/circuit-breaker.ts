/** When a replica is held to be away, and for how long. */
export interface BreakerSettings {
  /** As many failures one after the other open it. */
  readonly failuresInARow: number;
  /** So does this share of failures among at least `minCalls` within `windowMs`. */
  readonly failureRatio: number;
  readonly minCalls: number;
  readonly windowMs: number;
  /** How long it is open at first; twice as long each time that a trial fails, up to `maxOpenMs`. */
  readonly openMs: number;
  readonly maxOpenMs: number;
}

export const defaultBreaker: BreakerSettings = {
  failuresInARow: 5,
  failureRatio: 0.5,
  minCalls: 20,
  windowMs: 10_000,
  openMs: 1_000,
  maxOpenMs: 30_000,
};

export type BreakerState = 'closed' | 'half open' | 'open';

/**
 * Keeps calls away from what fails.
 *
 * 1. Closed: every call passes. Open: none. Half open, when its time is over: one call at a time, as a trial.
 * 2. A trial that succeeds closes it; one that fails opens it for longer. What ends without saying anything lets the next one try.
 * 3. While it is open, calls that began before it opened do not count.
 *
 * Times are those of `performance.now()`, given by the caller, who has them.
 */
export class CircuitBreaker {
  readonly #settings: BreakerSettings;
  readonly #onOpen: () => void;
  readonly #random: () => number;
  #failuresInARow = 0;
  #windowStart = 0;
  #calls = 0;
  #failures = 0;
  /** Undefined: closed. */
  #openUntil: number | undefined;
  #openings = 0;
  #isTrying = false;

  constructor(settings: BreakerSettings, onOpen: () => void = () => undefined, random: () => number = Math.random) {
    this.#settings = settings;
    this.#onOpen = onOpen;
    this.#random = random;
  }

  admits(now: number): boolean {
    return this.#openUntil === undefined || (now >= this.#openUntil && !this.#isTrying);
  }

  /** A call that was admitted begins; answers whether it is a trial, which is to be said at its end. */
  begin(): boolean {
    if (this.#openUntil !== undefined) this.#isTrying = true;
    return this.#openUntil !== undefined;
  }

  succeeded(now: number, isTrial: boolean): void {
    if (this.#openUntil === undefined) {
      this.#failuresInARow = 0;
      this.#count(now);
    } else if (isTrial) this.close();
  }

  failed(now: number, isTrial: boolean): void {
    if (this.#openUntil !== undefined) {
      if (isTrial) this.#open(now);
      return;
    }
    this.#failuresInARow += 1;
    this.#count(now);
    this.#failures += 1;
    const { failuresInARow, failureRatio, minCalls } = this.#settings;
    if (this.#failuresInARow >= failuresInARow || (this.#calls >= minCalls && this.#failures >= this.#calls * failureRatio))
      this.#open(now);
  }

  /** A call ended without saying anything: it was cancelled, or is no fault of what was called. */
  ended(isTrial: boolean): void {
    if (isTrial) this.#isTrying = false;
  }

  /** It is known to answer. */
  close(): void {
    this.#openUntil = undefined;
    this.#openings = 0;
    this.#isTrying = false;
    this.#failuresInARow = 0;
    this.#calls = 0;
    this.#failures = 0;
  }

  state(now: number): BreakerState {
    if (this.#openUntil === undefined) return 'closed';
    return now >= this.#openUntil ? 'half open' : 'open';
  }

  /** Until the next trial; 0 where it may begin. */
  waitMs(now: number): number {
    return Math.max(0, (this.#openUntil ?? now) - now);
  }

  #count(now: number): void {
    if (now - this.#windowStart > this.#settings.windowMs) {
      this.#windowStart = now;
      this.#calls = 0;
      this.#failures = 0;
    }
    this.#calls += 1;
  }

  #open(now: number): void {
    const { openMs, maxOpenMs } = this.#settings;
    const longest = Math.min(maxOpenMs, openMs * 2 ** this.#openings);
    // Gateways that saw the same failure would otherwise all try at the same moment.
    this.#openUntil = now + longest * (0.75 + this.#random() / 4);
    this.#openings += 1;
    this.#isTrying = false;
    this.#onOpen();
  }
}
