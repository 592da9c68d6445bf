import type { PartPayload } from '../../explain/record-parts.js';
import type { ErrorMasker } from '../../request/mask-errors.js';
import type { AnswerReport, AnswerWork, EngineAnswer } from '../engine.js';
import type { Generation } from '../generation.js';
import type { OperationRun } from '../operation-run.js';
import type { OperationJob } from '../run-operation.js';
import { answerInParts } from './answer-in-parts.js';
import type { DeferPlan } from './defer-plan.js';
import type { DeferredOperation } from './deferred-operation.js';

export interface DeferredJob extends OperationJob {
  readonly generation: Generation;
  readonly mask: ErrorMasker;
  readonly cache: AnswerWork['cache'];
  readonly explainer: PartsExplainer | undefined;
  /** Called when an answer in parts has ended. */
  readonly onEnd: (report: AnswerReport) => void;
}

/** Explains an answer in its last part. */
export interface PartsExplainer {
  /** A part is about to be sent. */
  sent(payload: PartPayload): void;
  /** @returns JSON text of the extensions */
  extensions(plan: DeferPlan | undefined): Promise<string>;
}

/** What is made of an operation for an answer in parts, and how long it took to plan that. */
export async function findDeferred({
  generation,
  operation,
  variables,
  overrides,
  watch,
}: Pick<DeferredJob, 'generation' | 'operation' | 'variables' | 'overrides' | 'watch'>): Promise<{
  readonly deferred: DeferredOperation | undefined;
  readonly planMs: number;
}> {
  const finding = generation.deferred.find(operation, variables, overrides);
  if (!(finding instanceof Promise)) return { deferred: finding, planMs: 0 };
  const planned = watch?.begin('plan');
  const startedAt = performance.now();
  const deferred = await finding;
  planned?.();
  return { deferred, planMs: performance.now() - startedAt };
}

/** Answers an operation in parts; undefined where it is to be answered whole. @throws LoomError, by rejection */
export async function answerDeferred(job: DeferredJob): Promise<EngineAnswer | undefined> {
  const { operation, variables, request, watch, generation, mask, explainer } = job;
  const { deferred, planMs } = await findDeferred(job);
  if (deferred === undefined) return undefined;

  const context = { requestId: request.caller.requestId, operationName: operation.name };
  const progress: Progress = { codes: new Set(), runs: [], hasData: true, fetchMs: undefined, startedAt: performance.now() };
  const report = reportOf(progress, job, planMs);
  const executed = watch?.begin('execute');
  const ended = Promise.withResolvers<void>();
  // The generation serves until the last part is there.
  generation.begin();
  const answer = await answerInParts({
    operation: deferred,
    variables,
    request,
    watch,
    show: (error) => {
      const shown = mask(error, context);
      progress.codes.add(String(shown.extensions?.['code']));
      return shown;
    },
    onRun: (run) => void progress.runs.push(run),
    onPayload: explainer && ((payload) => explainer.sent(payload)),
    extensions:
      explainer &&
      (() => {
        executed?.();
        return explainer.extensions(deferred.planned);
      }),
    onEnd: () => {
      progress.fetchMs = performance.now() - progress.startedAt;
      if (explainer === undefined) executed?.();
      generation.end();
      ended.resolve();
    },
  });
  progress.hasData = answer.data !== 'null';
  if (answer.parts !== undefined) {
    void ended.promise.then(() => job.onEnd(report));
    return { kind: 'incremental', parts: answer.parts, report };
  }
  const errors = answer.errors.length === 0 ? '' : `"errors":${JSON.stringify(answer.errors)},`;
  const extensions = answer.extensions === undefined ? '' : `,"extensions":${answer.extensions}`;
  return { kind: 'executed', body: `{${errors}"data":${answer.data}${extensions}}`, isAscii: false, report };
}

/** What is known of an answer while its parts are sent. */
interface Progress {
  readonly codes: Set<string>;
  readonly runs: OperationRun[];
  hasData: boolean;
  fetchMs: number | undefined;
  readonly startedAt: number;
}

/** A report that says what is known when it is read. */
function reportOf(progress: Progress, { operation: { name, kind }, cache }: DeferredJob, planMs: number): AnswerReport {
  return {
    operationName: name,
    operationKind: kind,
    get outcome() {
      if (progress.codes.size === 0) return 'success';
      return progress.hasData ? 'partial' : 'error';
    },
    get errorCodes() {
      return [...progress.codes];
    },
    get work() {
      const { runs, startedAt, fetchMs = performance.now() - startedAt } = progress;
      return { cache, isCoalesced: false, planMs, fetches: runs.reduce((sum, run) => sum + run.fetches, 0), fetchMs };
    },
  };
}
