import { LoomError } from '@loomgraph/core';
import { getVariableValues, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { explain } from '../explain/explanation.js';
import { explainModeOf, type ExplainMode } from '../explain/explain-mode.js';
import type { ExplainSetting } from '../explain/explain-setting.js';
import { recordRequest, type RequestRecord } from '../explain/record-request.js';
import type { ErrorMasker } from '../request/mask-errors.js';
import { callerKey, createCoalescing } from './coalescing.js';
import type { CompiledOperation } from './compiled-operation.js';
import { answerDeferred } from './defer/answer-deferred.js';
import type { AnswerReport, AnswerWork, EngineAnswer, EngineRequest } from './engine.js';
import type { EngineMetrics } from './engine-metrics.js';
import { OperationRefused, type Generation } from './generation.js';
import { refusedAnswer } from './refused-answer.js';
import { watchBoth, type RequestTrace, type RequestWatch, type TraceRequest } from './request-watch.js';
import { awaitPlan, runOperation, type Execution, type OperationJob } from './run-operation.js';

const MAX_VARIABLE_ERRORS = 20;
const NO_VARIABLES: Readonly<Record<string, unknown>> = Object.freeze({});
const NO_CODES: readonly string[] = [];

export interface AnswersDeps {
  readonly mask: ErrorMasker;
  readonly metrics: Pick<EngineMetrics, 'coalesced'>;
  /** Undefined: nothing is traced. */
  readonly trace: TraceRequest | undefined;
  readonly settings: { readonly coalescing: boolean; readonly explain: ExplainSetting };
}

export interface Answers {
  answer(generation: Generation, request: EngineRequest): Promise<EngineAnswer>;
  /** Executions that can still be joined. */
  readonly coalescing: { readonly size: number };
}

/** An operation that may be answered, and who watches. */
interface Found {
  readonly generation: Generation;
  readonly operation: CompiledOperation;
  readonly cache: AnswerWork['cache'];
  readonly request: EngineRequest;
  readonly watch: RequestWatch | undefined;
}

/** The way of a request through a generation: operation, variables, plan, execution, text. */
export function createAnswers(deps: AnswersDeps): Answers {
  const { mask, metrics, settings, trace: startTrace } = deps;
  const coalescing = createCoalescing<Execution>();

  const jobOf = ({ generation, operation, request, watch }: Found): OperationJob => ({
    operation,
    overrides: generation.chooseOverrides(request.caller),
    variables: coerceVariables(generation, operation, request),
    request,
    watch,
    onFirstAnswer: undefined,
  });

  const executeAlone = (job: OperationJob): Promise<Execution> => {
    const execution = runOperation(job);
    if (job.operation.kind === 'mutation') execution.then(coalescing.mutationEnded, coalescing.mutationEnded);
    return execution;
  };

  const executeShared = (job: OperationJob): Promise<Execution> => {
    if (job.operation.kind !== 'query' || !settings.coalescing) return executeAlone(job);
    const key = coalescingKey(job);
    const running = coalescing.join(key);
    if (running !== undefined) {
      metrics.coalesced();
      return running;
    }
    let close = (): void => {};
    const execution = runOperation({ ...job, onFirstAnswer: () => close() });
    close = coalescing.open(key, execution);
    execution.then(close, close);
    return execution;
  };

  const answerWhole = async (found: Found): Promise<EngineAnswer> => finish(found, await executeShared(jobOf(found)), mask);

  /** Whole all the same, where nothing of the operation can be deferred. */
  const answerInParts = async (found: Found): Promise<EngineAnswer> => {
    const { generation, operation } = found;
    const answer = await answerDeferred({ ...jobOf(found), generation, mask });
    if (answer === undefined) return answerWhole(found);
    if (operation.kind === 'mutation') coalescing.mutationEnded();
    return answer;
  };

  /** What is to be explained shares no execution: its fetches are its own. */
  const answerExplained = async (found: Found, mode: ExplainMode, record: RequestRecord): Promise<EngineAnswer> => {
    const job = jobOf(found);
    const { operation, overrides, variables } = job;
    const identicalInFlight = operation.kind === 'query' && coalescing.join(coalescingKey(job)) !== undefined;
    if (mode === 'plan') {
      const making = operation.findPlan(overrides);
      const plan = making instanceof Promise ? (await awaitPlan(making, found.watch)).plan : making;
      const explanation = await explain({ ...found, mode, plan: plan?.node, variables, record, identicalInFlight });
      return executedAnswer('{"data":null', explanation, reportOf(operation, 'success', NO_CODES));
    }
    const execution = await executeAlone(job);
    const answer = finish(found, execution, mask);
    const explanation = await explain({ ...found, mode, plan: execution.plan, variables, record, identicalInFlight });
    return executedAnswer(answer.body.slice(0, -1), explanation, answer.report);
  };

  return {
    coalescing,
    async answer(generation, received) {
      const trace = startTrace?.(received.caller);
      const request = trace === undefined ? received : { ...received, caller: trace.caller };
      let operation: CompiledOperation | undefined;
      let answer: EngineAnswer;
      generation.begin();
      try {
        const explained = request.extensions === undefined ? undefined : explainModeOf(request, settings.explain);
        const record = explained === undefined ? undefined : recordRequest();
        const watch = watchOf(trace, record);
        operation = generation.find(request.query, request.operationName);
        const cache = operation === undefined ? 'miss' : 'hit';
        operation ??= await prepare(generation, request, watch);
        assertServed(operation, request);
        watch?.found(operation, cache);
        const found: Found = { generation, operation, cache, request, watch };
        if (explained !== undefined && record !== undefined) answer = await answerExplained(found, explained, record);
        else if (operation.isDeferrable && request.acceptsIncremental) answer = await answerInParts(found);
        else answer = await answerWhole(found);
      } catch (error) {
        answer = refusedAnswer({ error, request, operation, mask });
      } finally {
        generation.end();
      }
      trace?.end(answer.report);
      return answer;
    },
  };
}

function watchOf(trace: RequestTrace | undefined, record: RequestRecord | undefined): RequestWatch | undefined {
  const traced = trace?.watch;
  if (traced === undefined || record === undefined) return traced ?? record;
  return watchBoth(record, traced);
}

async function prepare(generation: Generation, request: EngineRequest, watch: RequestWatch | undefined): Promise<CompiledOperation> {
  const parsed = watch?.begin('parse');
  const operation = await generation.prepare(request.query, request.operationName);
  parsed?.();
  return operation;
}

function assertServed({ kind }: CompiledOperation, { readOnly }: EngineRequest): void {
  if (kind === 'subscription') throw new LoomError('BAD_REQUEST', 'Subscriptions are not served here.');
  if (kind === 'mutation' && readOnly) {
    throw new OperationRefused('BAD_REQUEST', [new GraphQLError('GET requests only read: send mutations with POST.')], 405);
  }
}

function coerceVariables(
  generation: Generation,
  operation: CompiledOperation,
  { variables = NO_VARIABLES }: EngineRequest,
): Readonly<Record<string, unknown>> {
  if (!operation.hasVariables) return NO_VARIABLES;
  const definitions = operation.operation.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(generation.apiSchema, definitions, variables, { maxErrors: MAX_VARIABLE_ERRORS });
  if (errors !== undefined) throw new OperationRefused('BAD_USER_INPUT', errors);
  return operation.planned.withPlannedNames(coerced);
}

function coalescingKey({ operation, overrides, variables, request }: OperationJob): string {
  const values = operation.hasVariables ? JSON.stringify(variables) : '';
  return `${operation.text}\n${values}\n${overrides.cacheKeySuffix}\n${callerKey(request.caller)}`;
}

type Executed = Extract<EngineAnswer, { readonly kind: 'executed' }>;

function finish({ operation, cache, request }: Found, execution: Execution, mask: ErrorMasker): Executed {
  const { answer, errors, hasData, planMs, fetches, fetchMs } = execution;
  const isCoalesced = execution.request !== request;
  const work: AnswerWork = isCoalesced
    ? { cache, isCoalesced, planMs: 0, fetches: 0, fetchMs: 0 }
    : { cache, isCoalesced, planMs, fetches, fetchMs };
  if (errors.length === 0) {
    const report = reportOf(operation, 'success', NO_CODES, work);
    const body = `{"data":${answer.data}}`;
    // Those who joined share one encoding of the text; there may be thousands of them.
    if (isCoalesced) execution.encoded.bytes ??= Buffer.from(body, answer.isAscii ? 'latin1' : 'utf8');
    return { kind: 'executed', body, isAscii: answer.isAscii, bytes: execution.encoded.bytes, report };
  }
  const context = { requestId: request.caller.requestId, operationName: operation.name };
  const shown: GraphQLFormattedError[] = errors.map((error) => mask(error, context));
  const codes = [...new Set(shown.map(({ extensions }) => String(extensions?.['code'])))];
  return {
    kind: 'executed',
    body: `{"errors":${JSON.stringify(shown)},"data":${answer.data}}`,
    isAscii: false,
    report: reportOf(operation, hasData ? 'partial' : 'error', codes, work),
  };
}

function reportOf(
  { name, kind }: CompiledOperation,
  outcome: AnswerReport['outcome'],
  errorCodes: readonly string[],
  work?: AnswerWork,
): AnswerReport {
  return { operationName: name, operationKind: kind, outcome, errorCodes, work };
}

/** @param body without its last brace */
function executedAnswer(body: string, explanation: object, report: AnswerReport): Executed {
  return { kind: 'executed', body: `${body},"extensions":${JSON.stringify({ explain: explanation })}}`, isAscii: false, report };
}
