import { syncHeaders, type SyncAnswer } from '@loomgraph/core';
import type { GraphQLFormattedError } from 'graphql';
import type { ErrorMasker } from '../request/mask-errors.js';
import { shownDemand, type Demand } from '../request/cost/demand.js';
import type { CompiledOperation } from './compiled-operation.js';
import type { DroppedReport } from './dropped-errors.js';
import type { AnswerReport, AnswerWork, EngineAnswer, EngineRequest } from './engine.js';
import type { Generation } from './generation.js';
import type { RequestWatch } from './request-watch.js';
import type { Execution } from './execution.js';

export const NO_CODES: readonly string[] = [];

/** An operation that may be answered, and who watches. */
export interface Found {
  readonly generation: Generation;
  readonly operation: CompiledOperation;
  readonly cache: AnswerWork['cache'];
  /** By the names the plan has for them. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** What it may cost; undefined where that is not estimated. */
  readonly demand: Demand | undefined;
  /** Of the budget it was spent from. */
  readonly budgetHeaders: Readonly<Record<string, string>> | undefined;
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
  { operation, cache, demand, budgetHeaders, request }: Found,
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
  const cost = request.extensions?.['cost'] === true ? demand : undefined;
  const extensions = extensionsText({ explain: explanation, sync, cost });
  const headers = headersOf(sync, budgetHeaders);
  if (errors.length === 0) {
    const report = reportOf(operation, 'success', NO_CODES, work);
    const body = `{"data":${answer.data}${extensions}}`;
    if (extensions !== '') return { kind: 'executed', body, isAscii: false, headers, report };
    // Who ran it and those who joined share one encoding of the text; there may be thousands of them.
    if (execution.encoded.isShared) execution.encoded.bytes ??= Buffer.from(body, answer.isAscii ? 'latin1' : 'utf8');
    return { kind: 'executed', body, isAscii: answer.isAscii, bytes: execution.encoded.bytes, headers, report };
  }
  const shown: GraphQLFormattedError[] = errors.map((error) => mask(error, context));
  const codes = [...new Set(shown.map(({ extensions }) => String(extensions?.['code'])))];
  return {
    kind: 'executed',
    body: `{"errors":${JSON.stringify(shown)},"data":${answer.data}${extensions}}`,
    isAscii: false,
    headers: withRetryAfter(shown, headers),
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
  return { kind: 'executed', body: `{"data":null${extensionsText({ explain: explanation })}}`, isAscii: false, report };
}

/** The last member of an answer, with the comma before it; empty where there is nothing to add. */
function extensionsText(extensions: {
  readonly explain?: object | undefined;
  readonly sync?: SyncAnswer | undefined;
  readonly cost?: Demand | undefined;
}): string {
  const { explain, sync, cost } = extensions;
  if (explain === undefined && sync === undefined && cost === undefined) return '';
  return `,"extensions":${JSON.stringify({ explain, sync, cost: cost && shownDemand(cost) })}`;
}

function headersOf(
  sync: SyncAnswer | undefined,
  budgetHeaders: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  return sync?.token === undefined ? budgetHeaders : { ...budgetHeaders, [syncHeaders.token]: sync.token };
}

/** Where fields were refused for a while, the answer says in its head, too, when all of them may be asked for again. */
function withRetryAfter(
  errors: readonly GraphQLFormattedError[],
  headers: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  let longest = 0;
  for (const { extensions } of errors) {
    const { retryAfterSeconds } = (extensions?.['details'] ?? {}) as { retryAfterSeconds?: unknown }; // whatever a subgraph says
    if (Number.isSafeInteger(retryAfterSeconds)) longest = Math.max(longest, Number(retryAfterSeconds));
  }
  return longest === 0 ? headers : { ...headers, 'retry-after': String(longest) };
}
