export interface RetrySettings {
  /** Of one fetch, the first one included; 1: nothing is tried again. */
  readonly maxAttempts: number;
  /** How many tries again each fetch pays for. */
  readonly ratio: number;
  /** How many may be saved; there from the beginning, so that who rarely asks may try again, too. */
  readonly reserve: number;
}

export const defaultRetries: RetrySettings = { maxAttempts: 3, ratio: 0.2, reserve: 10 };

/** Bounds what trying again adds to the load of a subgraph that fails: every fetch pays in a little, every try again takes 1. */
export class RetryBudget {
  #tokens: number;

  constructor(private readonly settings: RetrySettings) {
    this.#tokens = settings.reserve;
  }

  get tokens(): number {
    return this.#tokens;
  }

  payIn(): void {
    const { reserve, ratio } = this.settings;
    if (this.#tokens < reserve) this.#tokens = Math.min(reserve, this.#tokens + ratio);
  }

  /** Whether there was one to take. */
  take(): boolean {
    // What was added up from fractions may lack the last digit.
    if (this.#tokens < 1 - 1e-9) return false;
    this.#tokens -= 1;
    return true;
  }
}
