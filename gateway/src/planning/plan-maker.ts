import type { PlanNode } from './plan.js';

const makers = new WeakMap<PlanNode, string>();

/** Takes note of the planner that made a plan: one that only chooses among planners passes their plans on as they are. */
export function signPlan<Plan extends PlanNode | undefined>(plan: Plan, planner: string | undefined): Plan {
  if (plan !== undefined && planner !== undefined) makers.set(plan, planner);
  return plan;
}

export function makerOf(plan: PlanNode | undefined): string | undefined {
  return plan && makers.get(plan);
}
