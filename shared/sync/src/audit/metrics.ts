import type { Metrics } from '@loomgraph/telemetry';
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
  const coverage = metrics.gauge('sync_coverage_ratio', 'Share of the records that the target held when they were last audited.', labels);
  const age = metrics.gauge('sync_audit_age_seconds', 'Since the end of the last full audit.', labels);
  metrics.gauge('sync_drift_records', 'Records found different from their document and not repaired yet.', labels, async (drift) => {
    for (const one of await status()) {
      const series = { subgraph, projection: one.name };
      drift.set(series, one.drift);
      if (one.coverage !== undefined) coverage.set(series, one.coverage);
      if (one.audit) age.set(series, Math.max(0, Date.now() - one.audit.endedAt) / 1000);
    }
  });
  return {
    page(projection, report, records) {
      checked.inc({ subgraph, projection }, records);
      for (const finding of report.findings) if (!finding.known) found.inc({ subgraph, projection, class: finding.class });
    },
    failed: (projection) => failed.inc({ subgraph, projection }),
  };
}
