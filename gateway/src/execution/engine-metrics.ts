import type { Metrics } from '@loomgraph/telemetry';
import type { Coalescing } from './coalescing.js';
import type { Generation } from './generation.js';
import type { Generations } from './generations.js';
import { createOperationCacheMetrics, type OperationCacheMetrics } from './operation-cache.js';

/** What the engine counts while it works; what it merely has is read when somebody looks, see `exposeEngine`. */
export interface EngineMetrics {
  readonly cache: OperationCacheMetrics;
  /** An operation that was not known was parsed, validated and brought into normal form. */
  prepared(ms: number): void;
  /** A plan was made and compiled. */
  planned(ms: number): void;
  planFailed(): void;
  coalesced(): void;
}

const MS_PER_SECOND = 1_000;

export function createEngineMetrics(metrics: Metrics): EngineMetrics {
  const preparing = metrics.histogram(
    'gateway_operation_prepare_duration_seconds',
    'Duration of parsing, validating and normalising operations that were not in the cache.',
  );
  const planning = metrics.histogram('gateway_plan_duration_seconds', 'Duration of planning operations and compiling their plans.');
  const plans = metrics.counter('gateway_plans_total', 'Plans that were made, or could not be.', ['outcome']);
  const coalesced = metrics.counter('gateway_coalesced_requests_total', 'Requests answered by the execution of an identical one in flight.');
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
    coalesced: () => coalesced.inc({}),
  };
}

/** Lets the metrics show which supergraph serves, who plans it, and how full its caches are. */
export function exposeEngine(
  metrics: Metrics,
  { generations, coalescing }: { readonly generations: Generations; readonly coalescing: Pick<Coalescing<unknown>, 'size'> },
): void {
  const sizes = (): ReturnType<Generation['cacheSizes']> => generations.current().cacheSizes();
  metrics.gauge('gateway_operation_cache_entries', 'Operations in the cache, by what is kept of them.', ['kept'], (gauge) => {
    gauge.set({ kept: 'text' }, sizes().texts.entries);
    gauge.set({ kept: 'compiled' }, sizes().compiled.entries);
  });
  metrics.gauge('gateway_operation_cache_bytes', 'Estimated memory of the operation cache, by what is kept.', ['kept'], (gauge) => {
    gauge.set({ kept: 'text' }, sizes().texts.bytes);
    gauge.set({ kept: 'compiled' }, sizes().compiled.bytes);
  });
  metrics.gauge('gateway_coalescing_open', 'Executions in flight that identical requests can still join.', [], (gauge) => {
    gauge.set({}, coalescing.size);
  });
  metrics.gauge('gateway_supergraph_generation', 'Number of the supergraph version that serves; 1 is that of the start.', [], (gauge) => {
    gauge.set({}, generations.current().number);
  });
  let shown: string | undefined;
  metrics.gauge('gateway_planner_info', 'The planner of the supergraph that serves.', ['planner'], (gauge) => {
    const { plannerName } = generations.current();
    if (shown !== undefined && shown !== plannerName) gauge.remove({ planner: shown });
    shown = plannerName;
    gauge.set({ planner: plannerName }, 1);
  });
}
