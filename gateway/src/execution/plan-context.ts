import type { PlanPath } from '../planning/plan.js';
import type { CollectObjects } from './collect-objects.js';
import type { OperationRun } from './operation-run.js';
import type { SubgraphCaller } from './subgraph-answer.js';
import type { TypeConditions } from './type-conditions.js';

/** Runs one node of a plan. `done` is called once, when everything below it has been merged; failures are in the run's errors. */
export type Step = (run: OperationRun, done: () => void) => void;

/** A path that entity fetches start from. Fetches that start from the same path share what was collected there. */
export interface CollectedPath {
  readonly number: number;
  readonly path: PlanPath;
  readonly collect: CollectObjects;
  /** Whether equal objects at the path may be one: not where a fetch passes on values of what is above them. Known after compilation. */
  readonly mayShare: () => boolean;
}

/** What compiling the nodes of one plan shares. */
export interface PlanContext {
  readonly subgraphs: SubgraphCaller;
  readonly types: TypeConditions;
  pathOf(path: PlanPath): CollectedPath;
  /** Takes note that a fetch passes on values of objects above those at `path`. */
  keepApart(path: PlanPath): void;
  /** Numbers of the paths below `path`, whose objects change when something is merged there. Complete only after compilation. */
  pathsBelow(path: PlanPath): () => readonly number[];
}
