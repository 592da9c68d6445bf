import type { ErrorCode } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import type { AnswerReport, AnswerWork } from '../execution/engine.js';
import type { RequestScope } from '../request/request-scope.js';
import { createBoundedNames } from './bounded-names.js';

const CUT_CODE: ErrorCode = 'UNAUTHORIZED_FIELD_OR_TYPE';

/** Series per metric stay in the low thousands with three outcomes and fifteen buckets. */
const OPERATION_NAMES = 200;

/** Reports a finished operation: one log line, one count, one duration. */
export type RequestReport = (request: {
  readonly scope: RequestScope;
  readonly answer: AnswerReport;
  readonly method: string;
  readonly status: number;
  /** The client went away before the answer was sent. */
  readonly wasAborted: boolean;
}) => void;

export function createRequestReport(deps: { readonly logger: Logger; readonly metrics: Metrics }): RequestReport {
  const { logger, metrics } = deps;
  const measure = createRequestMeasure(metrics);
  const refusals = metrics.counter('gateway_refusals_total', 'Requests, or fields of them, that were refused, by error code and limit.', [
    'code',
    'reason',
  ]);
  return ({ scope, answer, method, status, wasAborted }) => {
    const { operationName, operationKind, outcome, errorCodes, refusal, work } = answer;
    const seconds = (performance.now() - scope.startedAt) / 1_000;
    measure(answer, seconds);
    for (const code of refusedCodes(answer)) refusals.inc(refusal === undefined ? { code } : { code, reason: refusal });
    if (!logger.isEnabled('info')) return;
    logger.info('Request', {
      requestId: scope.requestId,
      method,
      operationName,
      operationType: operationKind,
      status,
      outcome,
      durationMs: inMicroseconds(seconds * 1e3),
      ...(work === undefined ? {} : fieldsOf(work)),
      ...(errorCodes.length === 0 ? {} : { errorCodes }),
      ...(wasAborted ? { wasAborted } : {}),
    });
  };
}

/** Counts requests and their durations by operation; the series of an operation are looked up once by its name. */
function createRequestMeasure(metrics: Metrics): (answer: AnswerReport, seconds: number) => void {
  const labelOf = createBoundedNames(OPERATION_NAMES);
  const counts = metrics.counter('gateway_requests_total', 'GraphQL requests by operation and outcome.', ['operation', 'outcome']);
  const durations = metrics.histogram('gateway_request_duration_seconds', 'Duration of GraphQL requests by operation.', ['operation']);
  const seriesOf = (operation: string) => ({
    success: counts.series({ operation, outcome: 'success' }),
    partial: counts.series({ operation, outcome: 'partial' }),
    error: counts.series({ operation, outcome: 'error' }),
    labels: { operation },
  });
  const known = new Map<string, ReturnType<typeof seriesOf>>();
  return ({ operationName, operationKind, outcome }, seconds) => {
    // Only a valid operation has a name here, see AnswerReport.
    const operation = operationKind === undefined ? '(invalid)' : labelOf(operationName);
    let series = known.get(operation);
    if (series === undefined) known.set(operation, (series = seriesOf(operation)));
    series[outcome]();
    // A subscription lasts as long as its client likes.
    if (operationKind !== 'subscription') durations.observe(series.labels, seconds);
  };
}

/** Of an answer that was executed only what was cut out of it was refused; other errors are its subgraphs'. */
function refusedCodes({ outcome, errorCodes, work }: AnswerReport): readonly string[] {
  if (errorCodes.length === 0) return errorCodes;
  return outcome === 'error' && work === undefined ? errorCodes : errorCodes.filter((code) => code === CUT_CODE);
}

function fieldsOf({ cache, isCoalesced, planMs, fetches, fetchMs }: AnswerWork): object {
  return {
    operationCache: cache,
    ...(isCoalesced ? { coalesced: true } : { fetches, fetchMs: inMicroseconds(fetchMs) }),
    ...(planMs === 0 ? {} : { planMs: inMicroseconds(planMs) }),
  };
}

function inMicroseconds(ms: number): number {
  return Math.round(ms * 1e3) / 1e3;
}
