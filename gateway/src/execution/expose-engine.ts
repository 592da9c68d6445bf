import type { Metrics } from '@loomgraph/telemetry';
import type { Coalescing } from './coalescing.js';
import type { Generations } from './generations.js';
import type { OperationCacheSizes } from './operation-cache.js';

/** Lets the metrics show which supergraph serves, who plans it, and how full its caches are. */
export function exposeEngine(
  metrics: Metrics,
  { generations, coalescing }: { readonly generations: Generations; readonly coalescing: Pick<Coalescing<unknown>, 'size'> },
): void {
  const sizes = (): OperationCacheSizes => generations.current().cacheSizes();
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
