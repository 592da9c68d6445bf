import type { Metrics } from '@loomgraph/telemetry';
import type { Projection } from '../projection/define-projection.js';
import type { ProjectionStatus } from '../status.js';
import type { Claim } from './claim.js';

export interface RelayMetrics {
  applied(projection: Projection, claims: readonly Claim[]): void;
  failed(projection: Projection, outcome: 'retry' | 'dead'): void;
  batchBackOff(projection: Projection): void;
}

/** Figures of the sync engine; the lag gauges are read from the database when they are scraped. */
export function createRelayMetrics(metrics: Metrics, subgraph: string, status: () => Promise<readonly ProjectionStatus[]>): RelayMetrics {
  const labels = ['subgraph', 'projection'] as const;
  const applied = metrics.counter('sync_applied_total', 'Records applied to a projection.', labels);
  const failed = metrics.counter('sync_failed_total', 'Failures charged to a record.', [...labels, 'outcome'] as const);
  const backOff = metrics.counter('sync_batch_backoff_total', 'Batches given back because the target or provider was away.', labels);
  const lag = metrics.histogram('sync_lag_seconds', 'From the commit of a change to its application, per record.', labels);
  const oldest = metrics.gauge('sync_oldest_pending_seconds', 'Age of the oldest change a projection still owes.', labels);
  const dead = metrics.gauge('sync_dead_letters', 'Records that failed for good and wait for a decision.', labels);
  // One look at the database per scrape sets all three.
  metrics.gauge(
    'sync_pending_records',
    'Changed records a projection still owes; a record counts once more while its change is not dispatched.',
    labels,
    async (pending) => {
      for (const one of await status()) {
        const series = { subgraph, projection: one.name };
        pending.set(series, one.lagRecords);
        oldest.set(series, one.lagSeconds);
        dead.set(series, one.deadLetters);
      }
    },
  );
  return {
    applied(projection, claims) {
      applied.inc({ subgraph, projection: projection.name }, claims.length);
      const now = Date.now();
      for (const claim of claims) lag.observe({ subgraph, projection: projection.name }, Math.max(0, now - claim.changedAt) / 1000);
    },
    failed: (projection, outcome) => failed.inc({ subgraph, projection: projection.name, outcome }),
    batchBackOff: (projection) => backOff.inc({ subgraph, projection: projection.name }),
  };
}
