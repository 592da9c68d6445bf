import type { Metrics } from '@loomgraph/telemetry';
import type { BreakerState } from './circuit-breaker.js';
import type { Replica } from './replica.js';
import type { SubgraphTarget } from './subgraph-target.js';

/** Why a fetch was not sent. */
export type Unsent = 'breaker' | 'limit';

/** What goes wrong between the gateway and its remote subgraphs. */
export interface TrafficMetrics {
  retried(subgraph: string): void;
  /** A fetch would have been tried again, had there been budget for it. */
  budgetSpent(subgraph: string): void;
  unsent(subgraph: string, reason: Unsent): void;
  ejected(subgraph: string, replica: string): void;
}

const STATES: Readonly<Record<BreakerState, number>> = { closed: 0, 'half open': 1, open: 2 };

/** @param targets read at each rendering */
export function createTrafficMetrics(metrics: Metrics, targets: () => Iterable<SubgraphTarget>): TrafficMetrics {
  const retries = metrics.counter('gateway_subgraph_retries_total', 'Fetches that were tried again.', ['subgraph']);
  const budgets = metrics.counter('gateway_subgraph_retry_budget_exhausted_total', 'Fetches not tried again for lack of budget.', [
    'subgraph',
  ]);
  const unsent = metrics.counter('gateway_subgraph_unsent_total', 'Fetches that were not sent.', ['subgraph', 'reason']);
  const ejections = metrics.counter('gateway_replica_ejections_total', 'How often a replica was taken out for failing.', [
    'subgraph',
    'replica',
  ]);
  metrics.gauge('gateway_subgraph_in_flight', 'Fetches under way, those that wait for a connection included.', ['subgraph'], (gauge) => {
    for (const { subgraph, inFlight } of targets()) gauge.set({ subgraph }, inFlight);
  });
  const ofReplicas = (name: string, help: string, valueOf: (replica: Replica, now: number) => number): void => {
    metrics.gauge(name, help, ['subgraph', 'replica'], (gauge) => {
      const now = performance.now();
      const all = [...targets()].flatMap((target) =>
        target.replicas.map((replica) => ({
          labels: { subgraph: target.subgraph, replica: replica.origin },
          value: target.isInUse(now) ? valueOf(replica, now) : undefined,
        })),
      );
      // First, as a replica may have moved from one target to another.
      for (const { labels, value } of all) if (value === undefined) gauge.remove(labels);
      for (const { labels, value } of all) if (value !== undefined) gauge.set(labels, value);
    });
  };
  ofReplicas('gateway_replica_in_flight', 'Fetches under way.', ({ inFlight }) => inFlight);
  ofReplicas('gateway_replica_breaker_state', 'Breaker: 0 closed, 1 half open, 2 open.', ({ breaker }, now) => STATES[breaker.state(now)]);
  ofReplicas('gateway_replica_healthy', 'Whether the last probe of a replica said so.', ({ isHealthy }) => Number(isHealthy));
  return {
    retried: (subgraph) => retries.inc({ subgraph }),
    budgetSpent: (subgraph) => budgets.inc({ subgraph }),
    unsent: (subgraph, reason) => unsent.inc({ subgraph, reason }),
    ejected: (subgraph, replica) => ejections.inc({ subgraph, replica }),
  };
}
