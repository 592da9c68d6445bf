import type { DocumentNode } from 'graphql';
import type { PlanNode } from './plan.js';

/** One operation in normal form (see `normal-form.ts`): a document of one operation and the fragments it uses. */
export interface PlannedOperation {
  readonly document: DocumentNode;
  /** The same, printed. */
  readonly text: string;
  readonly operationName: string | undefined;
}

/** Which side of each `@override(label:)` this request is on. */
export interface OverrideChoice {
  readonly activeLabels: ReadonlySet<string>;
  /** 0 to 100: a `percent(n)` label is active when this is below `n`. */
  readonly percentage: number;
}

/**
 * Plans operations against one supergraph.
 *
 * 1. The operation is valid for the API schema; introspection fields at its root need no fetch and are left out of the plan.
 * 2. Answers undefined when no subgraph is needed (`{ __typename }`).
 * 3. The same operation and choice always give an equal plan; plans are immutable and may be shared.
 * 4. Rejects when `signal` aborts, and with what the planner says when no plan exists; never answers half a plan.
 * 5. Knows `@requires` (with arguments), `@provides`, `@override`, `@interfaceObject`, nested and multiple keys.
 */
export interface Planner {
  readonly name: string;
  /** Labels of `@override(label:)` in the supergraph other than `percent(n)`. */
  readonly overrideLabels: readonly string[];
  /** The `n` of every `percent(n)` label in the supergraph. */
  readonly overridePercentages: readonly number[];
  plan(operation: PlannedOperation, choice: OverrideChoice, signal?: AbortSignal): Promise<PlanNode | undefined>;
}

export type CreatePlanner = (supergraphSdl: string) => Planner;
