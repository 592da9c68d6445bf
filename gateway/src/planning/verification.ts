import type { ConditionValues } from './condition-values.js';
import type { SubgraphFacts } from './subgraph-facts.js';
import type { SupergraphFacts } from './supergraph-facts.js';
import type { PlacedTypes } from './symbolic-answer.js';
import type { VerificationSteps } from './verification-steps.js';

/** A check of one plan under way. */
export interface Verification {
  readonly facts: SupergraphFacts;
  /** The top of what the plan brings. */
  readonly root: PlacedTypes;
  readonly steps: VerificationSteps;
  readonly values: ConditionValues;
  /** Why some entities are brought nothing. Others of the same fetch may be all the operation is about. */
  readonly unmet: string[];
}

export interface Bringing {
  /** The type in the subgraph; undefined above the type conditions of an entity fetch. */
  readonly parent: string | undefined;
  readonly subgraph: SubgraphFacts;
  readonly verification: Verification;
}
