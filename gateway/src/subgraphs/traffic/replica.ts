import { Pool } from 'undici';
import { CircuitBreaker, type BreakerSettings } from './circuit-breaker.js';

const CONNECTIONS_PER_REPLICA = 128;
/** A latency that was measured this long ago counts for 37 %: who was slow once is tried again. */
const LATENCY_DECAY_MS = 10_000;
const NEWEST_LATENCY_WEIGHT = 0.2;

/** One server of a subgraph. */
export class Replica {
  readonly url: string;
  readonly origin: string;
  readonly path: string;
  readonly pool: Pool;
  readonly breaker: CircuitBreaker;
  /** What active health says; true until it says otherwise. */
  isHealthy = true;
  inFlight = 0;
  #latencyMs = 0;
  #measuredAt = 0;

  constructor(url: string, options: { readonly connectTimeoutMs: number; readonly breaker: BreakerSettings; readonly onOpen: () => void }) {
    const { origin, pathname, search } = new URL(url);
    this.url = url;
    this.origin = origin;
    this.path = pathname + search;
    this.breaker = new CircuitBreaker(options.breaker, options.onOpen);
    this.pool = new Pool(origin, {
      connections: CONNECTIONS_PER_REPLICA,
      connect: { timeout: options.connectTimeoutMs },
      // One limit is kept for the whole exchange.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  measured(latencyMs: number, now: number): void {
    this.#latencyMs = this.#measuredAt === 0 ? latencyMs : this.#latencyMs + (latencyMs - this.#latencyMs) * NEWEST_LATENCY_WEIGHT;
    this.#measuredAt = now;
  }

  /** What another call is expected to wait: lower is better. */
  load(now: number): number {
    const latencyMs = this.#latencyMs * Math.exp((this.#measuredAt - now) / LATENCY_DECAY_MS);
    return (this.inFlight + 1) * (latencyMs + 1);
  }
}
