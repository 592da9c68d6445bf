/** What one of a kind of callers may spend. */
export interface BudgetPolicy {
  /** In headers, metrics and keys. */
  readonly name: 'user' | 'client' | 'address';
  /** Cost that may be spent within the window. */
  readonly points: number;
  readonly windowMs: number;
}

/** What is left of a budget, as far as this process knows. */
export interface BudgetState {
  readonly policy: BudgetPolicy;
  readonly remaining: number;
  readonly resetMs: number;
}

/** The outcome of a spending. */
export interface Spending extends BudgetState {
  readonly isAllowed: boolean;
}

/**
 * The counters of one policy, shared by all gateways of an installation or kept in this process.
 *
 * 1. `reserve` counts points against a key's window if all of them fit, and answers that they do; the window begins with the first of them.
 * 2. Points that do not fit are not counted.
 * 3. A store that does not answer is replaced by counters of this process until it does; nothing rejects.
 */
export interface BudgetCounter {
  reserve(key: string, points: number): Promise<Reservation>;
}

export interface Reservation {
  readonly isGranted: boolean;
  /** What others may still reserve in this window. */
  readonly remaining: number;
  /** Until the window ends. */
  readonly resetMs: number;
}
