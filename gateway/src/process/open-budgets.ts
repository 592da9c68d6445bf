import { systemClock } from '@loomgraph/core';
import type { Metrics } from '@loomgraph/telemetry';
import type { GatewayConfig } from '../config.js';
import { toPolicies } from '../request/budgets/budget-settings.js';
import { createBudgets, type Budgets } from '../request/budgets/budgets.js';
import { createMemoryCounter, createRedisCounter } from '../request/budgets/flexible-counter.js';

export interface OpenBudgets extends AsyncDisposable {
  readonly budgets: Budgets | undefined;
}

/** Longer than Redis takes, and short enough for a request to wait. */
const COMMAND_TIMEOUT_MS = 500;

/** Budgets as configured, counted in Redis where one is named. */
export async function openBudgets(options: {
  readonly settings: GatewayConfig['budgets'];
  /** Of the product's own Redis, where there is one. */
  readonly redisUrl?: string | undefined;
  /** Put before keys, so that installations can share a server. */
  readonly namespace?: string | undefined;
  readonly metrics: Metrics;
}): Promise<OpenBudgets> {
  const { settings, namespace, metrics } = options;
  const policies = toPolicies(settings);
  const url = settings.redisUrl ?? options.redisUrl;
  const { exempt } = settings;
  if (url === undefined || policies.length === 0) {
    return {
      budgets: createBudgets({ policies, counterOf: createMemoryCounter, exempt, clock: systemClock }),
      [Symbol.asyncDispose]: async () => {},
    };
  }
  // Its driver is loaded only where it is used.
  const { RedisConnection } = await import('@loomgraph/stores/cache');
  const redis = new RedisConnection({ url, commandTimeoutMs: COMMAND_TIMEOUT_MS, store: 'budgets' });
  const prefix = namespace === undefined ? 'loom:' : `${namespace}:`;
  const budgets = createBudgets({
    policies,
    counterOf: (policy) => createRedisCounter(policy, { redis, prefix, metrics }),
    exempt,
    clock: systemClock,
  });
  return { budgets, [Symbol.asyncDispose]: () => redis.close() };
}
