import type { Metrics } from '@loomgraph/telemetry';

export interface AuthorizerMetrics {
  /** The subject's policy data was here. */
  hit(): void;
  /** It was read. */
  miss(): void;
}

/** Figures of one authorizer. Checks are not counted one by one: counting would cost more than checking. */
export function createAuthorizerMetrics(metrics: Metrics, unconfirmedSeconds: () => number): AuthorizerMetrics {
  let hits = 0;
  const subjects = metrics.counter('auth_policy_subjects_total', 'Users whose policy data was read, as a check needed it.');
  metrics.gauge('auth_policy_hits', 'Checks since the start that found the policy data of their user in memory.', [], (gauge) =>
    gauge.set({}, hits),
  );
  metrics.gauge('auth_policy_unconfirmed_seconds', 'Since when the policy data could not be confirmed to be current.', [], (gauge) => {
    const seconds = unconfirmedSeconds();
    if (Number.isFinite(seconds)) gauge.set({}, seconds);
  });
  return { hit: () => void (hits += 1), miss: () => subjects.inc({}) };
}
