import { assertNever } from '@loomgraph/core';
import type { PlanNode } from '../../planning/plan.js';
import { createPlanCompiler } from '../compile-plan.js';
import type { PlanContext, Step } from '../plan-context.js';
import type { DeferPlan } from './defer-plan.js';

/** A plan with deferred parts as closures; `primary` is undefined where nothing is to be fetched. */
export interface CompiledDeferPlan {
  readonly primary: Step | undefined;
  /** Ids of the fetches in `primary`. */
  readonly fetchIds: readonly string[];
  readonly parts: readonly CompiledPart[];
}

export interface CompiledPart {
  readonly label: string;
  /** Ids of the fetches this part starts from. */
  readonly depends: readonly string[];
  readonly plan: CompiledDeferPlan;
}

export function compileDeferPlan(plan: DeferPlan, deps: Pick<PlanContext, 'subgraphs' | 'types'>): CompiledDeferPlan {
  const compile = createPlanCompiler(deps);
  const known = new Set(allFetchIds(plan));
  const compileScope = ({ primary, deferred }: DeferPlan): CompiledDeferPlan => ({
    primary: primary && compile(primary),
    fetchIds: fetchIdsOf(primary),
    // The planner names fetches here that it has left out of the plan since, as nothing of them was needed.
    parts: deferred.map(({ label, depends, plan: inner }) => ({
      label,
      depends: depends.filter((id) => known.has(id)),
      plan: compileScope(inner),
    })),
  });
  return compileScope(plan);
}

function allFetchIds({ primary, deferred }: DeferPlan): readonly string[] {
  return [...fetchIdsOf(primary), ...deferred.flatMap(({ plan }) => allFetchIds(plan))];
}

function fetchIdsOf(node: PlanNode | undefined): readonly string[] {
  if (node === undefined) return [];
  switch (node.kind) {
    case 'fetch':
      return node.id === undefined ? [] : [node.id];
    case 'sequence':
    case 'parallel':
      return node.nodes.flatMap(fetchIdsOf);
    case 'condition':
      return [...fetchIdsOf(node.whenTrue), ...fetchIdsOf(node.whenFalse)];
    default:
      return assertNever(node);
  }
}
