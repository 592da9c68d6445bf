import type { Logger } from '@loomgraph/telemetry';
import { LimitExceededError } from '../request/limits/limit-exceeded.js';
import type { IsolatedPlanner } from './isolated-planner.js';
import type { PlanNode } from './plan.js';
import type { PlannedOperation } from './planner.js';
import { PlanningFailedError } from './planning-failed-error.js';

/** Why the first planner is not asked first. */
export interface Unsuited {
  readonly reason: string;
  /** Whether its plan answers the operation all the same, for where the others find none. */
  readonly isUsable: boolean;
}

export interface FallbackPlannerOptions {
  readonly first: IsolatedPlanner;
  /** In the order in which they are asked. Each is made when it is first needed. */
  readonly others: readonly (() => IsolatedPlanner)[];
  /** What the first planner would lose of this operation; undefined when it would lose nothing. */
  readonly unsuited: (operation: PlannedOperation) => Unsuited | undefined;
  /** What is wrong with a plan; undefined when nothing is found. */
  readonly verify: (plan: PlanNode | undefined, operation: PlannedOperation) => string | undefined;
  readonly logger: Logger;
}

/** A plan to use where none is found that looks right. */
interface Doubtful {
  readonly plan: () => Promise<PlanNode | undefined>;
}

/**
 * Plans with the next planner what the ones before cannot plan or plan wrongly, so that a client is refused only where none finds a plan.
 * A plan that looks wrong is better than none: the check may be mistaken, and most of the answer may be right; of several that look wrong
 * that of the second planner is used. An aborted plan is not tried again, nor one that took too much memory. Each use of another planner than the first is one line in the log, as
 * it is slower and its plans may ask more.
 */
export function createFallbackPlanner(options: FallbackPlannerOptions): IsolatedPlanner {
  const { first, others, unsuited, verify, logger } = options;
  const made: IsolatedPlanner[] = [first];
  const plannerAt = (index: number): IsolatedPlanner | undefined => {
    const create = others[index - 1];
    if (made[index] === undefined && create) made[index] = create();
    return made[index];
  };

  return {
    name: first.name,
    overrideLabels: first.overrideLabels,
    overridePercentages: first.overridePercentages,
    ready: () => first.ready(),
    async plan(operation, choice, signal) {
      const { operationName } = operation;
      const errors: unknown[] = [];
      let doubtful: Doubtful | undefined;
      const doubt = unsuited(operation);
      let reason = doubt?.reason;
      if (doubt?.isUsable) doubtful = { plan: () => first.plan(operation, choice, signal) };

      for (let index = doubt ? 1 : 0; ; index++) {
        const planner = plannerAt(index);
        if (!planner) break;
        if (index > 0)
          logger.warn('An operation is planned by another planner', { operation: operationName, planner: planner.name, reason });
        try {
          const plan = await planner.plan(operation, choice, signal);
          const problem = verify(plan, operation);
          if (problem === undefined) return plan;
          reason = `the plan of ${planner.name} is wrong: ${problem}`;
          if (index < 2 || !doubtful) doubtful = { plan: () => Promise.resolve(plan) };
        } catch (error) {
          if (signal?.aborted || error instanceof LimitExceededError) throw error;
          reason = `${planner.name} finds no plan: ${textOf(error)}`;
          errors.push(error);
        }
      }
      if (!doubtful) throw new PlanningFailedError(`No planner finds a plan. ${errors.map(textOf).join(' ')}`, { cause: errors[0] });
      logger.warn('No plan looks right', { operation: operationName, reason });
      return doubtful.plan();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(made.map((planner) => planner[Symbol.asyncDispose]()));
    },
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
