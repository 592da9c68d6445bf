import type { QueryPlan } from '@graphql-hive/router-query-planner';
import { print } from 'graphql';
import { fromHivePlan } from './hive-plan.js';
import { createIsolatedPlanner, type IsolatedPlanner, type IsolatedPlannerOptions } from './isolated-planner.js';
import { mayBreakMutationOrder, splitRootFields } from './mutation-order.js';
import type { PlanNode } from './plan.js';
import type { CreatePlanner, OverrideChoice, PlannedOperation } from './planner.js';

/**
 * Plans with `@graphql-hive/router-query-planner`, a native module for Linux (glibc) and macOS.
 * It would start a mutation's next field while what the one before selects is still being fetched; such operations are planned field
 * by field.
 */
export const createHivePlanner = ((supergraphSdl: string, options: IsolatedPlannerOptions = {}): IsolatedPlanner => {
  // The process runs this engine, so its plans have this engine's type.
  const planner = createIsolatedPlanner('hive', supergraphSdl, (plan) => fromHivePlan(plan as QueryPlan), options);

  const planInOrder = async (operation: PlannedOperation, choice: OverrideChoice, signal?: AbortSignal): Promise<PlanNode> => {
    const fields = splitRootFields(operation.document).map((document) => ({ ...operation, document, text: print(document) }));
    const plans = await Promise.all(fields.map((field) => planner.plan(field, choice, signal)));
    return { kind: 'sequence', nodes: plans.filter((plan) => plan !== undefined) };
  };

  return {
    ...planner,
    async plan(operation, choice, signal) {
      const plan = await planner.plan(operation, choice, signal);
      return plan && mayBreakMutationOrder(plan) ? planInOrder(operation, choice, signal) : plan;
    },
  };
}) satisfies CreatePlanner;
