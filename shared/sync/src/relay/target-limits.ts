import { exponential } from '../projection/policy.js';
import { Breaker, type BreakerStatus } from './breaker.js';
import { FairQueue } from './fair-queue.js';

/** Who asks for a turn. */
export interface Claimant {
  readonly subgraph: string;
  readonly projection: string;
}

/** What the projections that write to one store share: its breaker and its turns. */
export interface TargetGate {
  readonly breaker: Breaker;
  /** Resolves when it is the claimant's turn; the answer ends the turn. */
  turn(claimant: Claimant): Promise<() => void>;
  /** Calls when the breaker closes; the answer ends that. */
  onReopened(listener: () => void): () => void;
}

export interface TargetLimitsOptions {
  /** Batches that may be written to one store at once. Default 4. */
  readonly batchesPerStore?: number;
  /** Failures of a store in a row after which it is left alone, but for one batch now and then. Default 3. */
  readonly opensAfter?: number;
}

/**
 * One per process, handed to all its relays: bounds the batches written to a store at once, gives turns fairly between subgraphs and between the
 * projections of each, and holds the breaker of each store. Targets that name the same `store` share; one that names none is alone.
 */
export class TargetLimits {
  readonly #options: Required<TargetLimitsOptions>;
  readonly #gates = new Map<unknown, Gate>();

  constructor({ batchesPerStore = 4, opensAfter = 3 }: TargetLimitsOptions = {}) {
    this.#options = { batchesPerStore, opensAfter };
  }

  of(target: { readonly store?: string }): TargetGate {
    const key = target.store ?? target;
    const gate = this.#gates.get(key) ?? new Gate(this.#options);
    this.#gates.set(key, gate);
    return gate;
  }

  /** The breakers of the stores that have a name. */
  breakers(): { readonly store: string; readonly status: BreakerStatus }[] {
    return [...this.#gates].flatMap(([store, gate]) => (typeof store === 'string' ? [{ store, status: gate.breaker.status() }] : []));
  }
}

class Gate implements TargetGate {
  readonly breaker: Breaker;
  readonly #waiting = new FairQueue<(end: () => void) => void>();
  readonly #listeners = new Set<() => void>();
  #free: number;

  constructor({ batchesPerStore, opensAfter }: Required<TargetLimitsOptions>) {
    this.#free = batchesPerStore;
    this.breaker = new Breaker({ opensAfter, wait: exponential(500, 30_000) });
    this.breaker.onClose = () => {
      for (const listener of this.#listeners) listener();
    };
  }

  turn({ subgraph, projection }: Claimant): Promise<() => void> {
    return new Promise((resolve) => {
      this.#waiting.push(subgraph, projection, resolve);
      this.#serve();
    });
  }

  onReopened(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #serve(): void {
    if (this.#free === 0) return;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#free--;
    let ended = false;
    next(() => {
      if (ended) return;
      ended = true;
      this.#free++;
      this.#serve();
    });
  }
}
