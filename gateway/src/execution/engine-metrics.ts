import type { Metrics } from '@loomgraph/telemetry';
import { createOperationCacheMetrics, type OperationCacheMetrics } from './operation-cache.js';

/** What the engine counts while it works; what it merely has is read when somebody looks, see `expose-engine.ts`. */
export interface EngineMetrics {
  readonly cache: OperationCacheMetrics;
  /** An operation that was not known was parsed, validated and brought into normal form. */
  prepared(ms: number): void;
  /** A plan was made and compiled. */
  planned(ms: number): void;
  planFailed(): void;
  coalesced(): void;
  /** An error of a subgraph in what no client asked for cost nothing, so nobody is shown it. */
  errorDropped(subgraph: string): void;
}

const MS_PER_SECOND = 1_000;

export function createEngineMetrics(metrics: Metrics): EngineMetrics {
  const preparing = metrics.histogram(
    'gateway_operation_prepare_duration_seconds',
    'Duration of parsing, validating and normalising operations that were not in the cache.',
  );
  const planning = metrics.histogram('gateway_plan_duration_seconds', 'Duration of planning operations and compiling their plans.');
  const plans = metrics.counter('gateway_plans_total', 'Plans that were made, or could not be.', ['outcome']);
  const coalesced = metrics.counter(
    'gateway_coalesced_requests_total',
    'Requests answered by the execution of an identical one in flight.',
  );
  const dropped = metrics.counter(
    'gateway_subgraph_errors_dropped_total',
    'Errors of subgraphs that are shown to nobody: in fields that no client asked for and whose value nobody lacks.',
    ['subgraph'],
  );
  plans.inc({ outcome: 'planned' }, 0);
  plans.inc({ outcome: 'failed' }, 0);
  coalesced.inc({}, 0);
  return {
    cache: createOperationCacheMetrics(metrics),
    prepared: (ms) => preparing.observe({}, ms / MS_PER_SECOND),
    planned(ms) {
      planning.observe({}, ms / MS_PER_SECOND);
      plans.inc({ outcome: 'planned' });
    },
    planFailed: () => plans.inc({ outcome: 'failed' }),
    coalesced: coalesced.series({}),
    errorDropped: (subgraph) => dropped.inc({ subgraph }),
  };
}
