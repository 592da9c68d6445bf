import type { Metrics } from '@loomgraph/telemetry';
import { oneLook } from '../one-look.js';
import type { ProjectionStatus } from '../status.js';
import type { BreakerState, BreakerStatus } from './breaker.js';
import type { Claim } from './claim.js';

export interface RelayMetrics {
  claimed(projection: string, records: number): void;
  applied(projection: string, claims: readonly Claim[], fenced: number): void;
  failed(projection: string, outcome: 'retry' | 'dead'): void;
  batchBackOff(projection: string): void;
  step(projection: string, step: 'load' | 'derive' | 'wait' | 'apply', seconds: number): void;
}

export interface RelayReadings {
  readonly status: () => Promise<readonly ProjectionStatus[]>;
  readonly breakers: () => readonly (BreakerStatus & { readonly projection: string })[];
}

const BREAKER_VALUE: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };
const BATCH_BUCKETS = [1, 4, 16, 64, 256, 1024];

/** Figures of the sync engine; the lag gauges are read from the database when they are scraped. */
export function createRelayMetrics(metrics: Metrics, subgraph: string, { status, breakers }: RelayReadings): RelayMetrics {
  const labels = ['subgraph', 'projection'] as const;
  const applied = metrics.counter('sync_applied_total', 'Records applied to a projection.', labels);
  const fenced = metrics.counter('sync_fenced_total', 'Records the target was ahead of.', labels);
  const failed = metrics.counter('sync_failed_total', 'Failures charged to a record.', [...labels, 'outcome'] as const);
  const backOff = metrics.counter('sync_batch_backoff_total', 'Batches given back because the target or provider was away.', labels);
  const lag = metrics.histogram('sync_lag_seconds', 'From the commit of a change to its application, per record.', labels);
  const batch = metrics.histogram('sync_batch_records', 'Records claimed at once.', labels, BATCH_BUCKETS);
  const steps = metrics.histogram('sync_step_seconds', 'Time a batch spends in each step; wait is for its turn at the target.', [
    ...labels,
    'step',
  ] as const);
  const look = oneLook(status);
  const gauge = (name: string, help: string, valueOf: (status: ProjectionStatus) => number): void => {
    metrics.gauge(name, help, labels, async (series) => {
      for (const one of await look()) series.set({ subgraph, projection: one.name }, valueOf(one));
    });
  };
  gauge('sync_oldest_pending_seconds', 'Age of the oldest change a projection still owes.', (one) => one.lagSeconds);
  gauge('sync_dead_letters', 'Records that failed for good and wait for a decision.', (one) => one.deadLetters);
  gauge(
    'sync_pending_records',
    'Changed records a projection still owes; a record counts once more while its change is not dispatched.',
    (one) => one.lagRecords,
  );
  metrics.gauge(
    'sync_breaker_state',
    'What stands between a projection and its target: 0 closed, 1 half open, 2 open.',
    labels,
    (series) => {
      for (const { projection, state } of breakers()) series.set({ subgraph, projection }, BREAKER_VALUE[state]);
    },
  );
  return {
    claimed: (projection, records) => batch.observe({ subgraph, projection }, records),
    applied(projection, claims, behind) {
      applied.inc({ subgraph, projection }, claims.length - behind);
      if (behind > 0) fenced.inc({ subgraph, projection }, behind);
      const now = Date.now();
      for (const claim of claims) lag.observe({ subgraph, projection }, Math.max(0, now - claim.changedAt) / 1000);
    },
    failed: (projection, outcome) => failed.inc({ subgraph, projection, outcome }),
    batchBackOff: (projection) => backOff.inc({ subgraph, projection }),
    step: (projection, step, seconds) => steps.observe({ subgraph, projection, step }, seconds),
  };
}
