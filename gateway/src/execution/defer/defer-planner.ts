import type { QueryPlan } from '@apollo/query-planner';
import type { Logger } from '@loomgraph/telemetry';
import { overridesFor, readOverrides } from '../../planning/overrides.js';
import { createPlannerProcess } from '../../planning/planner-process.js';
import type { OverrideChoice } from '../../planning/planner.js';
import { fromApolloDeferPlan, type DeferPlan } from './defer-plan.js';

/** Plans operations whose `@defer`s have labels, each its own. The process it runs in starts with the first of them. */
export interface DeferPlanner extends AsyncDisposable {
  plan(
    operation: { readonly text: string; readonly operationName: string | undefined },
    choice: OverrideChoice,
    signal: AbortSignal,
  ): Promise<DeferPlan>;
}

/**
 * Only `@apollo/query-planner` plans deferred parts: it makes entity fetches of them even where a subgraph could answer all at once, and
 * leaves in the first part what cannot be fetched on its own.
 */
export function createDeferPlanner({ supergraphSdl, logger }: { readonly supergraphSdl: string; readonly logger: Logger }): DeferPlanner {
  const { all } = readOverrides(supergraphSdl);
  const planners = createPlannerProcess({ engine: 'apollo-defer', supergraphSdl, logger });
  return {
    async plan({ text, operationName }, choice, signal) {
      const request = { text, operationName, overrides: overridesFor(all, choice), percentage: choice.percentage };
      // The process runs this engine, so its plans have this engine's type.
      return fromApolloDeferPlan((await planners.plan(request, signal)) as QueryPlan);
    },
    [Symbol.asyncDispose]: () => planners[Symbol.asyncDispose](),
  };
}
