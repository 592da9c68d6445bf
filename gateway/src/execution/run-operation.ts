import type { PlanNode } from '../planning/plan.js';
import type { ChosenOverrides } from '../planning/override-choice.js';
import type { RaisedError } from '../request/mask-errors.js';
import type { ExecutablePlan } from './compile-plan.js';
import type { CompiledOperation, WrittenAnswer } from './compiled-operation.js';
import type { EngineRequest } from './engine.js';
import { internalError } from './fetch-call.js';
import { OperationRun } from './operation-run.js';
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
}

/** What one execution came to, before its errors are written for a caller. */
export interface Execution {
  /** The request that ran it; others may have joined. */
  readonly request: EngineRequest;
  readonly plan: PlanNode | undefined;
  readonly answer: WrittenAnswer;
  readonly errors: readonly RaisedError[];
  /** See `OperationRun`. */
  readonly dropped: readonly RaisedError[];
  /** The whole response without errors, encoded for the first of those who share it. */
  readonly encoded: { isShared: boolean; bytes: Uint8Array | undefined };
  readonly hasData: boolean;
  readonly planMs: number;
  readonly fetches: number;
  readonly fetchMs: number;
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

  const run = new OperationRun(job.variables, request.caller, watch);
  run.sharesFetches = job.sharesFetches;
  const startedAt = performance.now();
  if (plan !== undefined) {
    const executed = watch?.begin('execute');
    await new Promise<void>((resolve) => plan.run(run, resolve));
    executed?.();
  }
  const fetchMs = performance.now() - startedAt;
  const answer = write(run, plan?.node, job);
  const hasData = run.errors.length === 0 || Object.values(run.data).some((value) => value !== null && value !== undefined);
  return {
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
