import { keyOf } from './input.js';
import type { GraphProperties, NodeRef } from './port.js';

/** One edge, from `a`, where the search came from, to `b`. */
export interface Step {
  readonly a: NodeRef;
  readonly b: NodeRef;
  readonly type: string;
  /** Whether the edge points from `a` to `b`. */
  readonly forward: boolean;
  readonly properties: GraphProperties;
}

/** The edges that leave the frontier, each node they reach once; with `targets`, only those that reach one of them. */
export type Expand = (frontier: readonly NodeRef[], targets: readonly NodeRef[] | null) => Promise<readonly Step[]>;

interface Side {
  frontier: readonly NodeRef[];
  /** How each visited node was reached; undefined for the side's own end. */
  readonly reachedBy: Map<string, Step | undefined>;
}

/**
 * Breadth-first search from both ends, always growing the smaller frontier: two balls of half the radius instead of one of the whole.
 * Before a frontier grows it is asked whether an edge joins it to the other one, so the last and largest step is never taken.
 * At most `2 · maxDepth − 1` calls of `expand`. A recursive query has no set of visited nodes and walks every path instead.
 * @returns the steps from start to end, or null.
 */
export async function shortestSteps(from: NodeRef, to: NodeRef, maxDepth: number, expand: Expand): Promise<Step[] | null> {
  const start: Side = { frontier: [from], reachedBy: new Map([[keyOf(from), undefined]]) };
  const end: Side = { frontier: [to], reachedBy: new Map([[keyOf(to), undefined]]) };
  for (let depth = 1; depth <= maxDepth; depth += 1) {
    const near = start.frontier.length <= end.frontier.length ? start : end;
    const far = near === start ? end : start;
    const [bridge] = await expand(near.frontier, far.frontier);
    if (bridge) {
      const forwards = near === start ? bridge : reversed(bridge);
      return [...trail(start, forwards.a), forwards, ...trail(end, forwards.b).map(reversed).toReversed()];
    }
    if (depth === maxDepth) break;
    const fresh = (await expand(near.frontier, null)).filter(({ b }) => !near.reachedBy.has(keyOf(b)));
    for (const step of fresh) near.reachedBy.set(keyOf(step.b), step);
    near.frontier = fresh.map(({ b }) => b);
    if (near.frontier.length === 0) return null;
  }
  return null;
}

/** The steps from a side's own end to a node it reached. */
function trail(side: Side, node: NodeRef): Step[] {
  const steps: Step[] = [];
  for (let step = side.reachedBy.get(keyOf(node)); step; step = side.reachedBy.get(keyOf(step.a))) steps.push(step);
  return steps.toReversed();
}

function reversed(step: Step): Step {
  return { ...step, a: step.b, b: step.a, forward: !step.forward };
}
