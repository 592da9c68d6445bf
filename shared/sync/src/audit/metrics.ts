import type { Metrics } from '@loomgraph/telemetry';
import { oneLook } from '../one-look.js';
import type { ProjectionStatus } from '../status.js';
import type { Report } from './tally.js';

export interface AuditMetrics {
  page(projection: string, report: Report, records: number): void;
  failed(projection: string): void;
}

/** Figures of the audits; drift and the age of the last full cycle are read from the database when they are scraped. */
export function createAuditMetrics(metrics: Metrics, subgraph: string, status: () => Promise<readonly ProjectionStatus[]>): AuditMetrics {
  const labels = ['subgraph', 'projection'] as const;
  const checked = metrics.counter('sync_audit_records_total', 'Records and documents that audits compared.', labels);
  const found = metrics.counter('sync_audit_found_total', 'Records found different from their document.', [...labels, 'class'] as const);
  const failed = metrics.counter('sync_audit_failed_total', 'Audits that stopped because a store was away; they go on later.', labels);
  const look = oneLook(status);
  const gauge = (name: string, help: string, valueOf: (status: ProjectionStatus) => number | undefined): void => {
    metrics.gauge(name, help, labels, async (series) => {
      for (const one of await look()) {
        const value = valueOf(one);
        if (value !== undefined) series.set({ subgraph, projection: one.name }, value);
      }
    });
  };
  gauge('sync_coverage_ratio', 'Share of the records that the target held when they were last audited.', (one) => one.coverage);
  gauge(
    'sync_audit_age_seconds',
    'Since the end of the last full audit.',
    ({ audit }) => audit && Math.max(0, Date.now() - audit.endedAt) / 1000,
  );
  gauge('sync_drift_records', 'Records found different from their document and not repaired yet.', (one) => one.drift);
  return {
    page(projection, report, records) {
      checked.inc({ subgraph, projection }, records);
      for (const finding of report.findings) if (!finding.known) found.inc({ subgraph, projection, class: finding.class });
    },
    failed: (projection) => failed.inc({ subgraph, projection }),
  };
}
