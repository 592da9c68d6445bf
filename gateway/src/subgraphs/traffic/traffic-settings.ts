import { defaultBreaker, type BreakerSettings } from './circuit-breaker.js';
import { defaultRetries, type RetrySettings } from './retry-budget.js';

/** How remote subgraphs are called. */
export interface TrafficSettings {
  readonly retries: RetrySettings;
  readonly breaker: BreakerSettings;
  /** Fetches of one subgraph that may be under way, those that wait for a connection included. */
  readonly maxInFlight: number;
  /** How often each of several replicas is asked whether it is ready; 0: never. */
  readonly probeIntervalMs: number;
}

export const defaultTraffic: TrafficSettings = {
  retries: defaultRetries,
  breaker: defaultBreaker,
  maxInFlight: 2_000,
  probeIntervalMs: 5_000,
};
