import type { PlanNode } from '../planning/plan.js';
import type { ChosenOverrides } from '../planning/override-choice.js';
import type { ExecutablePlan } from './compile-plan.js';
import type { CompiledOperation, WrittenAnswer } from './compiled-operation.js';
import type { EngineRequest } from './engine.js';
import type { Execution } from './execution.js';
import { internalError } from './fetch-call.js';
import { OperationRun } from './operation-run.js';
import type { Recording, Recordings } from './recordings.js';
import { Recorder, Replay } from './replay.js';
import type { RequestWatch } from './request-watch.js';

/** An operation with all it takes to run it once. */
export interface OperationJob {
  readonly operation: CompiledOperation;
  readonly overrides: ChosenOverrides;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly request: EngineRequest;
  readonly watch: RequestWatch | undefined;
  /** Whether its fetches may take the answers of identical ones that are under way. */
  readonly sharesFetches: boolean;
  /** Says where to keep what was fetched, to be compared with what is fetched the next time. */
  readonly recordings?: { readonly all: Recordings; readonly key: string } | undefined;
}

/** Plans where that is not done yet, fetches, writes. Rejects with what the planner says. */
export async function runOperation(job: OperationJob): Promise<Execution> {
  const { operation, overrides, request, watch } = job;
  const found = operation.findPlan(overrides);
  let plan: ExecutablePlan | undefined;
  let planMs = 0;
  if (found instanceof Promise) {
    const planned = await awaitPlan(found, watch);
    plan = planned.plan;
    planMs = planned.planMs;
  } else plan = found;

  const startedAt = performance.now();
  const run = new OperationRun(job.variables, request.caller, watch);
  run.sharesFetches = job.sharesFetches;
  const recorded = plan === undefined ? undefined : job.recordings?.all.find(job.recordings.key);
  if (recorded === 'record') run.recorder = new Recorder();
  else if (plan !== undefined && recorded !== undefined) {
    const { fetches, differing } = await replay(plan, recorded, job);
    if (differing === undefined) return { ...recorded.execution, request, planMs, fetches, fetchMs: performance.now() - startedAt };
    run.replayed = differing;
    job.recordings?.all.forget(job.recordings.key);
  }
  if (plan !== undefined) {
    const executed = watch?.begin('execute');
    await new Promise<void>((resolve) => plan.run(run, resolve));
    executed?.();
  }
  const fetchMs = performance.now() - startedAt;
  const answer = write(run, plan?.node, job);
  const hasData = run.errors.length === 0 || Object.values(run.data).some((value) => value !== null && value !== undefined);
  const execution: Execution = {
    request,
    plan: plan?.node,
    answer,
    errors: run.errors,
    dropped: run.dropped,
    encoded: { isShared: false, bytes: undefined },
    hasData: hasData && answer.data !== 'null',
    planMs,
    fetches: run.fetches,
    fetchMs,
  };
  const fetched = run.errors.length === 0 && run.dropped.length === 0 ? run.recorder?.fetches : undefined;
  if (fetched !== undefined) job.recordings?.all.keep(job.recordings.key, { fetches: fetched, execution });
  return execution;
}

/** Resolves when every fetch was answered as it was recorded; or at the first that was not, with all that was sent. */
function replay(
  plan: ExecutablePlan,
  recording: Recording,
  { variables, request }: OperationJob,
): Promise<{ readonly fetches: number; readonly differing?: Replay }> {
  const run = new OperationRun(variables, request.caller, undefined);
  return new Promise((resolve) => {
    const replaying = new Replay(recording.fetches, () => resolve({ fetches: run.fetches, differing: replaying }));
    run.replay = replaying;
    plan.run(run, () => resolve({ fetches: run.fetches, ...(run.errors.length === 0 ? {} : { differing: replaying }) }));
  });
}

/** Waits for a plan that is being made. */
export async function awaitPlan(
  making: Promise<ExecutablePlan | undefined>,
  watch: RequestWatch | undefined,
): Promise<{ readonly plan: ExecutablePlan | undefined; readonly planMs: number }> {
  const planned = watch?.begin('plan');
  const startedAt = performance.now();
  const plan = await making;
  planned?.();
  return { plan, planMs: performance.now() - startedAt };
}

function write(run: OperationRun, plan: PlanNode | undefined, { operation, request, watch }: OperationJob): WrittenAnswer {
  const written = watch?.begin('write');
  try {
    return operation.write(run, { rawVariables: request.variables, plan });
  } catch (error) {
    run.errors.push(internalError(error));
    return { data: 'null', isAscii: false };
  } finally {
    written?.();
  }
}
