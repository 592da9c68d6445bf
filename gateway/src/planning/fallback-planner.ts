import type { Logger } from '@loomgraph/telemetry';
import type { IsolatedPlanner } from './isolated-planner.js';
import { PlanningFailedError } from './planning-failed-error.js';

export interface FallbackPlannerOptions {
  readonly first: IsolatedPlanner;
  /** Made when it is first needed. */
  readonly createSecond: () => IsolatedPlanner;
  /** Why the first planner would lose something of this operation; undefined when it would not. */
  readonly unsuited: (text: string) => string | undefined;
  readonly logger: Logger;
}

/**
 * Plans with the second planner what the first one cannot plan, so that a client is refused only where neither finds a plan. An aborted
 * plan is not tried again. Each use of the second planner is one line in the log, as it is slower and its plans may ask more requests.
 */
export function createFallbackPlanner(options: FallbackPlannerOptions): IsolatedPlanner {
  const { first, createSecond, unsuited, logger } = options;
  let second: IsolatedPlanner | undefined;
  return {
    name: first.name,
    overrideLabels: first.overrideLabels,
    overridePercentages: first.overridePercentages,
    ready: () => first.ready(),
    async plan(operation, choice, signal) {
      let reason = unsuited(operation.text);
      let cause: unknown;
      if (reason === undefined) {
        try {
          return await first.plan(operation, choice, signal);
        } catch (error) {
          if (signal?.aborted) throw error;
          reason = error instanceof Error ? error.message : String(error);
          cause = error;
        }
      }
      second ??= createSecond();
      logger.warn('an operation is planned by the second planner', { operation: operation.operationName, planner: second.name, reason });
      try {
        return await second.plan(operation, choice, signal);
      } catch (error) {
        if (signal?.aborted || cause === undefined) throw error;
        throw new PlanningFailedError(`Neither planner finds a plan. ${reason} ${String(error)}`, { cause });
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([first[Symbol.asyncDispose](), second?.[Symbol.asyncDispose]()]);
    },
  };
}
