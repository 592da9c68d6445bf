import type { PlanNode, Requirement } from './plan.js';

const known = new WeakMap<PlanNode, ReadonlySet<string>>();

/** The keys of the data that a plan reads to tell subgraphs of entities. The same set each time. */
export function requiredKeys(plan: PlanNode): ReadonlySet<string> {
  let keys = known.get(plan);
  if (keys === undefined) known.set(plan, (keys = new Set(readPlan(plan))));
  return keys;
}

function readPlan(node: PlanNode | undefined): readonly string[] {
  if (node === undefined) return [];
  if (node.kind === 'fetch') return node.batches?.flatMap(({ requires }) => requires.flatMap(readRequirement)) ?? [];
  return (node.kind === 'condition' ? [node.whenTrue, node.whenFalse] : node.nodes).flatMap(readPlan);
}

function readRequirement(requirement: Requirement): readonly string[] {
  const inner = requirement.selections?.flatMap(readRequirement) ?? [];
  return requirement.kind === 'field' ? [...requirement.readFrom, ...inner] : inner;
}
