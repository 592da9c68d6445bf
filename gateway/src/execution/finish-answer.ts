import { syncHeaders, type SyncAnswer } from '@loomgraph/core';
import type { GraphQLFormattedError } from 'graphql';
import type { ErrorMasker } from '../request/mask-errors.js';
import type { CompiledOperation } from './compiled-operation.js';
import type { DroppedReport } from './dropped-errors.js';
import type { AnswerReport, AnswerWork, EngineAnswer, EngineRequest } from './engine.js';
import type { Generation } from './generation.js';
import type { RequestWatch } from './request-watch.js';
import type { Execution } from './run-operation.js';

export const NO_CODES: readonly string[] = [];

/** An operation that may be answered, and who watches. */
export interface Found {
  readonly generation: Generation;
  readonly operation: CompiledOperation;
  readonly cache: AnswerWork['cache'];
  readonly request: EngineRequest;
  readonly watch: RequestWatch | undefined;
  /** Called with the report of an answer in parts when it has ended. */
  readonly onEnd: (report: AnswerReport) => void;
}

export type Executed = Extract<EngineAnswer, { readonly kind: 'executed' }>;

export interface FinishDeps {
  readonly mask: ErrorMasker;
  readonly reportDropped: DroppedReport;
}

/** The answer to one request of an execution it may share with others. */
export function finish(
  { operation, cache, request }: Found,
  execution: Execution,
  { mask, reportDropped }: FinishDeps,
  explanation?: object,
): Executed {
  const { answer, errors, dropped, hasData, planMs, fetches, fetchMs } = execution;
  const isCoalesced = execution.request !== request;
  const work: AnswerWork = isCoalesced
    ? { cache, isCoalesced, planMs: 0, fetches: 0, fetchMs: 0 }
    : { cache, isCoalesced, planMs, fetches, fetchMs };
  const context = { requestId: request.caller.requestId, operationName: operation.name };
  if (dropped.length > 0 && !isCoalesced) reportDropped(dropped, context);
  const sync = request.caller.sync?.answer;
  const extensions = extensionsText(explanation, sync);
  const headers = headersOf(sync);
  if (errors.length === 0) {
    const report = reportOf(operation, 'success', NO_CODES, work);
    const body = `{"data":${answer.data}${extensions}}`;
    // Who ran it and those who joined share one encoding of the text; there may be thousands of them.
    if (execution.encoded.isShared) execution.encoded.bytes ??= Buffer.from(body, answer.isAscii ? 'latin1' : 'utf8');
    return { kind: 'executed', body, isAscii: answer.isAscii && extensions === '', bytes: execution.encoded.bytes, headers, report };
  }
  const shown: GraphQLFormattedError[] = errors.map((error) => mask(error, context));
  const codes = [...new Set(shown.map(({ extensions }) => String(extensions?.['code'])))];
  return {
    kind: 'executed',
    body: `{"errors":${JSON.stringify(shown)},"data":${answer.data}${extensions}}`,
    isAscii: false,
    headers,
    report: reportOf(operation, hasData ? 'partial' : 'error', codes, work),
  };
}

export function reportOf(
  { name, kind }: CompiledOperation,
  outcome: AnswerReport['outcome'],
  errorCodes: readonly string[],
  work?: AnswerWork,
): AnswerReport {
  return { operationName: name, operationKind: kind, outcome, errorCodes, work };
}

/** The answer to an operation that is only explained. */
export function plannedAnswer(explanation: object, report: AnswerReport): Executed {
  return { kind: 'executed', body: `{"data":null${extensionsText(explanation, undefined)}}`, isAscii: false, report };
}

/** The last member of an answer, with the comma before it; empty where there is nothing to add. */
function extensionsText(explanation: object | undefined, sync: SyncAnswer | undefined): string {
  if (explanation === undefined && sync === undefined) return '';
  return `,"extensions":${JSON.stringify({ explain: explanation, sync })}`;
}

function headersOf(sync: SyncAnswer | undefined): Readonly<Record<string, string>> | undefined {
  return sync?.token === undefined ? undefined : { [syncHeaders.token]: sync.token };
}
