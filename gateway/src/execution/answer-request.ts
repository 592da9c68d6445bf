import { readSyncExtension } from '@loomgraph/core';
import { GraphQLError } from 'graphql';
import { assertAuthorized } from '../authorization/assert-authorized.js';
import { assertMayIntrospect } from '../authorization/assert-introspection.js';
import type { IntrospectionSetting } from '../authorization/introspection-setting.js';
import type { UnauthorizedSetting } from '../authorization/unauthorized-setting.js';
import { explain } from '../explain/explanation.js';
import { explainModeOf, type ExplainMode } from '../explain/explain-mode.js';
import type { ExplainSetting } from '../explain/explain-setting.js';
import { recordParts } from '../explain/record-parts.js';
import { recordRequest, type RequestRecord } from '../explain/record-request.js';
import type { Budgets, CallerBudget } from '../request/budgets/budgets.js';
import type { DemandControl } from '../request/cost/demand.js';
import type { DocumentLimits } from '../request/limits/document-limits.js';
import type { FetchSharing } from '../subgraphs/fetch-sharing.js';
import { callerKey, createCoalescing } from './coalescing.js';
import { coerceVariables } from './coerce-variables.js';
import type { CompiledOperation } from './compiled-operation.js';
import { answerDeferred, findDeferred, type PartsExplainer } from './defer/answer-deferred.js';
import type { DeferPlan } from './defer/defer-plan.js';
import type { AnswerReport, EngineAnswer, EngineRequest } from './engine.js';
import type { EngineMetrics } from './engine-metrics.js';
import type { Execution } from './execution.js';
import { finish, NO_CODES, plannedAnswer, reportOf, type FinishDeps, type Found } from './finish-answer.js';
import type { Generation } from './generation.js';
import { OperationRefused } from './operation-refused.js';
import { refusedAnswer } from './refused-answer.js';
import { createRecordings, type Recordings } from './recordings.js';
import { watchBoth, type RequestTrace, type RequestWatch, type TraceRequest } from './request-watch.js';
import { awaitPlan, runOperation, type OperationJob } from './run-operation.js';
import { SyncExchange } from './sync-exchange.js';

const ASK_FOR_STREAM = 'Subscriptions are answered as a stream: ask for it with "accept: text/event-stream", or over a WebSocket.';

export interface AnswersDeps extends FinishDeps {
  readonly metrics: Pick<EngineMetrics, 'coalesced'>;
  /** Undefined: costs are not estimated. */
  readonly demand: DemandControl | undefined;
  /** Undefined: callers may ask as much as they like. */
  readonly budgets: Budgets | undefined;
  /** Undefined: fetches share nothing. */
  readonly fetchSharing: FetchSharing | undefined;
  /** Begins a subscription; throws, or rejects with, why it cannot. */
  readonly subscribe: (found: Found) => Promise<EngineAnswer>;
  /** Undefined: nothing is traced. */
  readonly trace: TraceRequest | undefined;
  readonly settings: {
    readonly coalescing: boolean;
    readonly explain: ExplainSetting;
    readonly limits: Pick<DocumentLimits, 'maxListSize'>;
    readonly introspection: IntrospectionSetting;
    readonly unauthorized?: UnauthorizedSetting;
  };
}

export interface Answers {
  answer(generation: Generation, request: EngineRequest): Promise<EngineAnswer>;
  /** Executions that can still be joined. */
  readonly coalescing: { readonly size: number };
}

/** The way of a request through a generation: operation, variables, plan, execution, text. */
export function createAnswers(deps: AnswersDeps): Answers {
  const { metrics, settings, mask, trace: startTrace } = deps;
  const coalescing = createCoalescing<Execution>();
  const recordings = new WeakMap<Generation, Recordings>();

  const jobOf = ({ generation, operation, variables, request, watch }: Found): OperationJob => {
    if (settings.unauthorized === 'refuse') assertAuthorized(operation, request.caller.identity, variables);
    return {
      operation,
      overrides: generation.chooseOverrides(request.caller),
      variables,
      request,
      watch,
      // What follows a mutation may not be what was read before it; who brings a sync token may have to wait longer than others.
      sharesFetches: operation.kind === 'query' && request.caller.sync === undefined,
    };
  };

  const mutationEnded = (): void => {
    coalescing.mutationEnded();
    deps.fetchSharing?.mutationEnded();
  };

  const executeAlone = (job: OperationJob): Promise<Execution> => {
    const execution = runOperation(job);
    if (job.operation.kind === 'mutation') execution.then(mutationEnded, mutationEnded);
    return execution;
  };

  const recordingsOf = (generation: Generation): Recordings => {
    let found = recordings.get(generation);
    if (found === undefined) recordings.set(generation, (found = createRecordings()));
    return found;
  };

  const executeShared = ({ generation }: Found, job: OperationJob): Promise<Execution> => {
    if (!job.sharesFetches || !settings.coalescing) return executeAlone(job);
    const key = coalescingKey(job);
    const { cancellation } = job.request.caller;
    const running = coalescing.join(key, cancellation);
    if (running !== undefined) {
      metrics.coalesced();
      return running;
    }
    const execution = runOperation(job.watch === undefined ? { ...job, recordings: { all: recordingsOf(generation), key } } : job);
    const close = coalescing.open(key, execution, cancellation);
    execution.then((ended) => (ended.encoded.isShared = close()), close);
    return execution;
  };

  const answerWhole = async (found: Found): Promise<EngineAnswer> => finish(found, await executeShared(found, jobOf(found)), deps);

  /** Whole all the same, where nothing of the operation can be deferred. */
  const answerInParts = async (found: Found): Promise<EngineAnswer> => {
    return (await answerDeferrable(found)) ?? answerWhole(found);
  };

  const answerDeferrable = async (found: Found, explainer?: PartsExplainer): Promise<EngineAnswer | undefined> => {
    const { operation } = found;
    const answer = await answerDeferred({ ...found, ...jobOf(found), mask, explainer: explainer ?? syncExplainer(found) });
    if (answer !== undefined && operation.kind === 'mutation') mutationEnded();
    return answer;
  };

  /** What is to be explained shares no execution: its fetches are its own. */
  const answerExplained = async (found: Found, mode: ExplainMode, record: RequestRecord): Promise<EngineAnswer> => {
    const job = jobOf(found);
    const { operation, overrides, variables } = job;
    if (isInParts(found)) {
      const explained = { ...found, mode, variables, record, identicalInFlight: false };
      if (mode === 'plan') {
        const { deferred } = await findDeferred({ ...found, variables, overrides });
        if (deferred !== undefined) {
          const explanation = await explain({ ...explained, plan: deferred.planned });
          return plannedAnswer(explanation, reportOf(operation, 'success', NO_CODES));
        }
      } else {
        const { parts, sent } = recordParts(() => record.elapsedMs());
        const extensions = async (plan: DeferPlan | undefined): Promise<string> =>
          JSON.stringify({ explain: await explain({ ...explained, plan, parts }), sync: found.request.caller.sync?.answer });
        const answer = await answerDeferrable(found, { sent, extensions });
        if (answer !== undefined) return answer;
      }
    }
    const identicalInFlight = operation.kind === 'query' && coalescing.isOpen(coalescingKey(job));
    if (mode === 'plan') {
      const making = operation.findPlan(overrides);
      const plan = making instanceof Promise ? (await awaitPlan(making, found.watch)).plan : making;
      const explanation = await explain({ ...found, mode, plan: plan?.node, variables, record, identicalInFlight });
      return plannedAnswer(explanation, reportOf(operation, 'success', NO_CODES));
    }
    const execution = await executeAlone({ ...job, sharesFetches: false });
    return finish(found, execution, deps, await explain({ ...found, mode, plan: execution.plan, variables, record, identicalInFlight }));
  };

  return {
    coalescing,
    async answer(generation, received) {
      const trace = startTrace?.(received.caller);
      const request = trace === undefined ? received : { ...received, caller: trace.caller };
      let operation: CompiledOperation | undefined;
      let answer: EngineAnswer;
      let budget: CallerBudget | undefined;
      generation.begin();
      try {
        budget = deps.budgets?.open(request.caller);
        const explained = request.extensions === undefined ? undefined : explainModeOf(request, settings.explain);
        const record = explained === undefined ? undefined : recordRequest();
        const watch = watchOf(trace, record);
        operation = generation.find(request.query, request.operationName);
        const cache = operation === undefined ? 'miss' : 'hit';
        operation ??= await prepare(generation, request, watch);
        assertServed(operation, request);
        assertMayIntrospect(operation, request.caller.identity, settings.introspection);
        const authorized = generation.authorize(operation, request.caller.identity);
        operation = authorized instanceof Promise ? await authorized : authorized;
        watch?.found(operation, cache);
        const coerced = coerceVariables(generation, operation, request, settings);
        const demand = deps.demand?.assess(operation, generation, { variables: coerced, caller: request.caller });
        request.batch?.add(operation, demand);
        const spending = budget?.spend(demand?.estimate ?? 0);
        const budgetHeaders = spending instanceof Promise ? await spending : spending;
        budget = undefined; // spent, whatever comes of the request
        const onEnd = (report: AnswerReport): void => trace?.end(report);
        const found: Found = {
          generation,
          operation,
          cache,
          variables: operation.planned.withPlannedNames(coerced),
          demand,
          budgetHeaders,
          request: withSyncExchange(request, operation),
          watch,
          onEnd,
        };
        if (explained !== undefined && record !== undefined && operation.kind !== 'subscription')
          answer = await answerExplained(found, explained, record);
        else if (isInParts(found)) answer = await answerInParts(found);
        else if (operation.kind === 'subscription') answer = await deps.subscribe(found);
        // As `answerWhole`, without a promise of its own: many may wait for one execution, and do nothing else.
        else answer = finish(found, await executeShared(found, jobOf(found)), deps);
      } catch (error) {
        budget?.spendOnRefusal();
        answer = refusedAnswer({ error, request, operation, mask });
      } finally {
        generation.end();
      }
      if (answer.kind !== 'incremental') trace?.end(answer.report);
      return answer;
    },
  };
}

/**
 * The request with an exchange for its caller, where there may be something to say: a mutation answers a token, and who brings one is told
 * whether what was read is older. Every other query costs nothing.
 * @throws LoomError INVALID_SYNC_TOKEN, BAD_USER_INPUT
 */
function withSyncExchange(request: EngineRequest, { kind }: CompiledOperation): EngineRequest {
  const asked = readSyncExtension(request.extensions?.['sync']) ?? request.sync;
  if (asked === undefined && kind !== 'mutation') return request;
  const { caller } = request;
  // What was begun to be written is written to its end: half of it would be worse than an answer nobody reads.
  const cancellation = kind === 'mutation' ? undefined : caller.cancellation;
  return { ...request, caller: { ...caller, cancellation, sync: new SyncExchange(asked) } };
}

/** An answer in parts says in its last one what there is to say about reading one's own writes. */
function syncExplainer({ request: { caller } }: Found): PartsExplainer | undefined {
  const { sync } = caller;
  return sync && { sent: () => undefined, extensions: () => Promise.resolve(JSON.stringify({ sync: sync.answer })) };
}

function isInParts({ operation, request }: Found): boolean {
  return operation.isDeferrable && request.acceptsIncremental;
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

function assertServed({ kind }: CompiledOperation, { readOnly, live }: EngineRequest): void {
  if (kind === 'subscription' && live === undefined) throw new OperationRefused('BAD_REQUEST', [new GraphQLError(ASK_FOR_STREAM)], 406);
  if (kind === 'mutation' && readOnly) {
    throw new OperationRefused('BAD_REQUEST', [new GraphQLError('GET requests only read: send mutations with POST.')], 405);
  }
}

function coalescingKey({ operation, overrides, variables, request }: OperationJob): string {
  const values = operation.hasVariables ? JSON.stringify(variables) : '';
  return `${operation.number}\n${values}\n${overrides.cacheKeySuffix}\n${callerKey(request.caller)}`;
}
