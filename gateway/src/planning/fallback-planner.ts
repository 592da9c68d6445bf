import type { Logger } from '@loomgraph/telemetry';
import type { IsolatedPlanner } from './isolated-planner.js';
import type { PlanNode } from './plan.js';
import type { OverrideChoice, PlannedOperation } from './planner.js';
import { PlanningFailedError } from './planning-failed-error.js';

/** Why the first planner is not asked first. */
export interface Unsuited {
  readonly reason: string;
  /** Whether its plan answers the operation all the same, for where the second planner finds none. */
  readonly isUsable: boolean;
}

export interface FallbackPlannerOptions {
  readonly first: IsolatedPlanner;
  /** Made when it is first needed. */
  readonly createSecond: () => IsolatedPlanner;
  /** What the first planner would lose of this operation; undefined when it would lose nothing. */
  readonly unsuited: (operation: PlannedOperation) => Unsuited | undefined;
  /** What is wrong with a plan; undefined when nothing is found. */
  readonly verify: (plan: PlanNode | undefined, operation: PlannedOperation) => string | undefined;
  readonly logger: Logger;
}

/** What the first planner came to, where that is not used at once. */
interface FirstTry {
  readonly reason: string;
  /** Its plan, for where there is none better. */
  readonly plan?: () => Promise<PlanNode | undefined>;
  readonly error?: unknown;
}

/**
 * Plans with the second planner what the first one cannot plan or plans wrongly, so that a client is refused only where neither finds a
 * plan. A plan of the first that looks wrong is better than none: the check may be mistaken, and most of the answer may be right. An
 * aborted plan is not tried again. Each use of the second planner is one line in the log, as it is slower and its plans may ask more.
 */
export function createFallbackPlanner(options: FallbackPlannerOptions): IsolatedPlanner {
  const { first, createSecond, unsuited, verify, logger } = options;
  let second: IsolatedPlanner | undefined;

  const planSecond = async (
    operation: PlannedOperation,
    choice: OverrideChoice,
    signal: AbortSignal | undefined,
    firstTry: FirstTry,
  ): Promise<PlanNode | undefined> => {
    second ??= createSecond();
    const { reason } = firstTry;
    logger.warn('An operation is planned by the second planner', { operation: operation.operationName, planner: second.name, reason });
    try {
      const plan = await second.plan(operation, choice, signal);
      const problem = verify(plan, operation);
      if (problem !== undefined) logger.warn('The plan of the second planner looks wrong', { operation: operation.operationName, problem });
      return plan;
    } catch (error) {
      if (signal?.aborted) throw error;
      if (firstTry.plan) {
        logger.warn('The second planner finds no plan', { operation: operation.operationName, reason: textOf(error) });
        return firstTry.plan();
      }
      if (firstTry.error === undefined) throw error;
      throw new PlanningFailedError(`Neither planner finds a plan. ${reason} ${String(error)}`, { cause: firstTry.error });
    }
  };

  return {
    name: first.name,
    overrideLabels: first.overrideLabels,
    overridePercentages: first.overridePercentages,
    ready: () => first.ready(),
    async plan(operation, choice, signal) {
      const doubt = unsuited(operation);
      if (doubt) {
        const plan = (): Promise<PlanNode | undefined> => first.plan(operation, choice, signal);
        return planSecond(operation, choice, signal, { reason: doubt.reason, ...(doubt.isUsable ? { plan } : {}) });
      }
      let plan: PlanNode | undefined;
      try {
        plan = await first.plan(operation, choice, signal);
      } catch (error) {
        if (signal?.aborted) throw error;
        return planSecond(operation, choice, signal, { reason: textOf(error), error });
      }
      const problem = verify(plan, operation);
      if (problem === undefined) return plan;
      return planSecond(operation, choice, signal, {
        reason: `the plan of the first is wrong: ${problem}`,
        plan: () => Promise.resolve(plan),
      });
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([first[Symbol.asyncDispose](), second?.[Symbol.asyncDispose]()]);
    },
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
