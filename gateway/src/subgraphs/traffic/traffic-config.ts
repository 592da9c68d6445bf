import { duration, integer, ratio, setting } from '@loomgraph/config';
import { defaultBreaker } from './circuit-breaker.js';
import { defaultRetries } from './retry-budget.js';
import type { TrafficSettings } from './traffic-settings.js';

/** How remote subgraphs are called (docs/traffic.md). */
export const trafficSettings = {
  operationTimeoutMs: setting({
    env: 'OPERATION_TIMEOUT',
    schema: duration(),
    default: '30s',
    doc: 'How long a query may take; then what it still reads is cancelled. 0: as long as its fetches may. Mutations always run to their end.',
  }),
  maxAttempts: setting({
    env: 'SUBGRAPH_ATTEMPTS',
    schema: integer({ min: 1, max: 10 }),
    default: 3,
    doc: 'How often a fetch that only reads is tried at most; 1: never again.',
  }),
  retryRatio: setting({
    env: 'SUBGRAPH_RETRY_RATIO',
    schema: ratio(),
    default: '20%',
    doc: 'How many of the fetches of a subgraph may be tried again.',
  }),
  breakerFailures: setting({
    env: 'SUBGRAPH_BREAKER_FAILURES',
    schema: integer({ min: 1 }),
    default: 5,
    doc: 'After as many failures one after the other, or half of the fetches of 10 s, a replica is not asked for a while.',
  }),
  breakerOpenMs: setting({
    env: 'SUBGRAPH_BREAKER_OPEN',
    schema: duration({ minMs: 1 }),
    default: '1s',
    doc: 'How long a replica that fails is not asked; twice as long each time it fails again.',
  }),
  breakerMaxOpenMs: setting({
    env: 'SUBGRAPH_BREAKER_MAX_OPEN',
    schema: duration({ minMs: 1 }),
    default: '30s',
    doc: 'How long a replica that fails is not asked at most.',
  }),
  maxInFlight: setting({
    env: 'SUBGRAPH_MAX_IN_FLIGHT',
    schema: integer({ min: 1 }),
    default: 2_000,
    doc: 'How many fetches of one subgraph may be under way; 128 for each replica are sent, the others wait for a connection.',
  }),
  probeIntervalMs: setting({
    env: 'SUBGRAPH_PROBE_INTERVAL',
    schema: duration(),
    default: '5s',
    doc: 'How often each of several replicas is asked at /health/ready whether it is ready; 0: never.',
  }),
};

interface TrafficConfig {
  readonly maxAttempts: number;
  readonly retryRatio: number;
  readonly breakerFailures: number;
  readonly breakerOpenMs: number;
  readonly breakerMaxOpenMs: number;
  readonly maxInFlight: number;
  readonly probeIntervalMs: number;
}

export function toTraffic(config: TrafficConfig): TrafficSettings {
  const { maxAttempts, retryRatio, breakerFailures, breakerOpenMs, breakerMaxOpenMs, maxInFlight, probeIntervalMs } = config;
  return {
    retries: { ...defaultRetries, maxAttempts, ratio: retryRatio },
    breaker: {
      ...defaultBreaker,
      failuresInARow: breakerFailures,
      openMs: breakerOpenMs,
      maxOpenMs: Math.max(breakerOpenMs, breakerMaxOpenMs),
    },
    maxInFlight,
    probeIntervalMs,
  };
}
