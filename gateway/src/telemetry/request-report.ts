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
  const labelOf = createBoundedNames(OPERATION_NAMES);
  const count = deps.metrics.counter('gateway_requests_total', 'GraphQL requests by operation and outcome.', ['operation', 'outcome']);
  const duration = deps.metrics.histogram('gateway_request_duration_seconds', 'Duration of GraphQL requests by operation.', ['operation']);
  const refusals = deps.metrics.counter('gateway_refusals_total', 'Requests, or fields of them, that were refused, by error code.', [
    'code',
  ]);
  return ({ scope, answer, method, status, wasAborted }) => {
    const { operationName, operationKind, outcome, errorCodes, work } = answer;
    const seconds = (performance.now() - scope.startedAt) / 1_000;
    // Only a valid operation has a name here, see AnswerReport.
    const operation = operationKind === undefined ? '(invalid)' : labelOf(operationName);
    count.inc({ operation, outcome });
    duration.observe({ operation }, seconds);
    for (const code of refusedCodes(answer)) refusals.inc({ code });
    deps.logger.info('Request', {
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
