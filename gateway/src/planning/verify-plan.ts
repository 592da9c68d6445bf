import { Kind, type FragmentDefinitionNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { bringFetches } from './bring-fetches.js';
import { conditionValues } from './condition-values.js';
import { missingField } from './missing-field.js';
import { needlessField } from './needless-field.js';
import type { PlanNode } from './plan.js';
import type { PlannedOperation } from './planner.js';
import { factsOf } from './supergraph-facts.js';
import { Place } from './symbolic-answer.js';
import { VerificationSteps } from './verification-steps.js';

export interface VerifyPlanInput {
  readonly plan: PlanNode | undefined;
  readonly operation: PlannedOperation;
  /** Built from the supergraph with all that clients cannot see, the `join__` directives included. The same one each time. */
  readonly supergraph: GraphQLSchema;
}

/** Taken within a few milliseconds, less than another planner needs for a plan. */
const MAX_STEPS = 40_000;

/**
 * Looks for what is wrong with a plan, without running it: a field a subgraph cannot resolve where it is asked for, a representation that
 * lacks something or holds another value than the subgraph requires, a field of the operation that nothing brings, one that is brought
 * for nothing and would cost more than itself. Looks at it once for each combination of the values of `@skip` and `@include`. Answers the
 * first such thing, undefined when it finds none.
 *
 * 1. Both sides of a progressive override count as able to resolve the field.
 * 2. Operations whose abstract types multiply beyond reason, or with many conditions, are not checked to the end.
 */
export function verifyPlan({ plan, operation, supergraph }: VerifyPlanInput): string | undefined {
  // `{ __typename }` and introspection need no plan.
  if (plan === undefined) return undefined;
  const facts = factsOf(supergraph);
  const { definition, fragments } = readOperation(operation);
  const rootType = definition && facts.rootType(definition.operation);
  if (!definition || rootType === undefined) return undefined;
  const steps = new VerificationSteps(MAX_STEPS);
  for (const values of conditionValues(operation.document)) {
    const root = new Place([rootType]);
    const unmet: string[] = [];
    const problem = bringFetches(plan, { facts, root: { place: root, types: root.types }, steps, values, unmet });
    if (problem !== undefined) return problem;
    if (steps.areUsedUp) return undefined;
    const missing = missingField(definition.selectionSet, root, { facts, steps, values, fragments });
    if (steps.areUsedUp) return undefined;
    if (missing !== undefined) return [missing, ...unmet.slice(0, 1)].join('; ');
    const needless = needlessField(root);
    if (needless !== undefined) return needless;
  }
  return undefined;
}

function readOperation({ document }: PlannedOperation): {
  readonly definition: OperationDefinitionNode | undefined;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
} {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let definition: OperationDefinitionNode | undefined;
  for (const each of document.definitions) {
    if (each.kind === Kind.OPERATION_DEFINITION) definition = each;
    else if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);
  }
  return { definition, fragments };
}
