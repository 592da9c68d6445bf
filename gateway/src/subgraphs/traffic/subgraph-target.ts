import { replicaUrlsOf } from './addresses.js';
import { chooseReplica } from './choose-replica.js';
import { Replica } from './replica.js';
import { RetryBudget } from './retry-budget.js';
import type { TrafficSettings } from './traffic-settings.js';

const IN_USE_MS = 10 * 60_000;

export interface TargetOptions {
  readonly settings: TrafficSettings;
  readonly connectTimeoutMs: number;
  readonly onEjected: (replica: string) => void;
}

/** A remote subgraph: its replicas, and what is shared by all calls of it. */
export class SubgraphTarget {
  readonly replicas: readonly Replica[];
  readonly budget: RetryBudget;
  readonly settings: TrafficSettings;
  inFlight = 0;
  usedAt = performance.now();

  constructor(
    readonly subgraph: string,
    address: string,
    { settings, connectTimeoutMs, onEjected }: TargetOptions,
  ) {
    this.settings = settings;
    this.budget = new RetryBudget(settings.retries);
    this.replicas = replicaUrlsOf(address).map((url): Replica => {
      const replica: Replica = new Replica(url, { connectTimeoutMs, breaker: settings.breaker, onOpen: () => onEjected(replica.origin) });
      return replica;
    });
  }

  /** Whether it is still asked: one that a newer supergraph no longer names is kept for what was planned before, and for nothing else. */
  isInUse(now: number): boolean {
    return now - this.usedAt < IN_USE_MS || this.inFlight > 0;
  }

  /** Undefined while the breakers of all are open. */
  choose(now: number, tried: readonly Replica[] | undefined): Replica | undefined {
    return chooseReplica(this.replicas, now, tried);
  }

  /** How long it takes until one may be tried. */
  waitMs(now: number): number {
    return Math.min(...this.replicas.map(({ breaker }) => breaker.waitMs(now)));
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map(({ pool }) => pool.destroy()));
  }
}
