import { assertNever } from '@loomgraph/core';
import type { ConditionNode, PlanNode } from '../planning/plan.js';

/** What a plan asks of subgraphs when every entity it looks for is found. */
export interface PlanCost {
  /** Requests to subgraphs. */
  readonly fetches: number;
  /** How many of them wait for each other: the answer takes at least as many round trips. */
  readonly depth: number;
  /** Fetches that can begin after 0, 1, 2… others have ended. */
  readonly fetchesByDepth: readonly number[];
}

/** Counts the fetches of a plan. Of a condition only the side that `variables` choose counts. */
export function costOf(plan: PlanNode | undefined, variables: Readonly<Record<string, unknown>>): PlanCost {
  const fetchesByDepth: number[] = [];
  /** @returns the depth at which what comes after the node begins */
  const count = (node: PlanNode | undefined, depth: number): number => {
    if (node === undefined) return depth;
    switch (node.kind) {
      case 'fetch':
        fetchesByDepth[depth] = (fetchesByDepth[depth] ?? 0) + 1;
        return depth + 1;
      case 'sequence':
        return node.nodes.reduce((at, child) => count(child, at), depth);
      case 'parallel':
        return Math.max(depth, ...node.nodes.map((child) => count(child, depth)));
      case 'condition':
        return count(chosen(node, variables), depth);
      default:
        return assertNever(node);
    }
  };
  count(plan, 0);
  return { fetches: fetchesByDepth.reduce((sum, fetches) => sum + fetches, 0), depth: fetchesByDepth.length, fetchesByDepth };
}

function chosen({ variable, whenTrue, whenFalse }: ConditionNode, variables: Readonly<Record<string, unknown>>): PlanNode | undefined {
  return variables[variable] === true ? whenTrue : whenFalse;
}
