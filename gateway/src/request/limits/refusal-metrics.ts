import type { Metrics } from '@loomgraph/telemetry';
import { limitNames, type LimitName } from './limit-exceeded.js';

/** Why requests are refused before anything is executed, beside those that are no GraphQL or do not fit the schema. */
const refusalReasons = [...limitNames, 'crossSite', 'duplicateHeader', 'unknownDocument', 'untrustedDocument'] as const;
export type RefusalReason = LimitName | (typeof refusalReasons)[number];

export interface RefusalMetrics {
  refused(reason: RefusalReason): void;
}

/** All who count share one counter. */
export function createRefusalMetrics(metrics: Metrics): RefusalMetrics {
  const counter = metrics.counter('gateway_refused_requests_total', 'Requests refused by a limit or a guard, by reason.', ['reason']);
  for (const reason of refusalReasons) counter.inc({ reason }, 0);
  return { refused: (reason) => counter.inc({ reason }) };
}
