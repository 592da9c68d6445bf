import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { withDataKeys, type DataKeys, type KeyTraits } from '../../planning/data-keys.js';
import type { ChosenOverrides } from '../../planning/override-choice.js';
import { withSafeVariables } from '../../planning/safe-variables.js';
import { createIntrospection, type Introspected } from '../answer/introspection.js';
import type { CompiledOperation } from '../compiled-operation.js';
import type { PlanContext } from '../plan-context.js';
import { withinPlanTime } from '../within-plan-time.js';
import { compileDeferPlan, type CompiledDeferPlan } from './compile-defer-plan.js';
import type { DeferPlan } from './defer-plan.js';
import type { DeferSet } from './defer-sets.js';
import type { DeferPlanner } from './defer-planner.js';
import { expandDeferred, type ExpandedOperation } from './defer-usages.js';
import { writePlannedDocument } from './planned-document.js';

/** An operation with one choice of its `@defer`s active, ready to run any number of times. */
export interface DeferredOperation {
  readonly schema: GraphQLSchema;
  readonly root: GraphQLObjectType;
  readonly expanded: ExpandedOperation;
  readonly plan: CompiledDeferPlan;
  /** What `plan` was compiled from; undefined where nothing is to be fetched. */
  readonly planned: DeferPlan | undefined;
  /** Which deferred fragments need what is planned under a label. */
  readonly setOfLabel: ReadonlyMap<string, DeferSet>;
  readonly keys: Pick<DataKeys, 'dataKeyOf' | 'responseKeyOf'>;
  introspect(variables: Readonly<Record<string, unknown>>, rawVariables: Readonly<Record<string, unknown>> | undefined): Introspected;
}

export interface DeferredOperationDeps extends Pick<PlanContext, 'subgraphs' | 'types'> {
  readonly schema: GraphQLSchema;
  readonly keyTraits: KeyTraits;
  readonly planner: DeferPlanner;
  readonly planTimeoutMs: number;
}

/** @returns undefined where nothing is deferred for these variables. @throws PlanningFailedError, by rejection */
export async function prepareDeferred(
  operation: CompiledOperation,
  variables: Readonly<Record<string, unknown>>,
  { choice }: ChosenOverrides,
  deps: DeferredOperationDeps,
): Promise<DeferredOperation | undefined> {
  const { schema, keyTraits, planner, planTimeoutMs } = deps;
  const expanded = expandDeferred(operation, variables);
  if (expanded.usages.length === 0) return undefined;
  const root = schema.getRootType(operation.operation.operation);
  if (!root) return undefined;
  const { operation: planned, setOfLabel } = writePlannedDocument(schema, expanded);
  const keys = planned && withDataKeys(withSafeVariables(planned).operation, keyTraits);
  const plannedParts = keys && (await withinPlanTime(planTimeoutMs, (signal) => planner.plan(keys.operation, choice, signal)));
  return {
    schema,
    root,
    expanded,
    plan: plannedParts === undefined ? { primary: undefined, fetchIds: [], parts: [] } : compileDeferPlan(plannedParts, deps),
    planned: plannedParts,
    setOfLabel,
    keys: keys ?? { dataKeyOf: ({ alias, name }) => (alias ?? name).value, responseKeyOf: (key) => key },
    introspect: createIntrospection({ schema, document: operation.introspection }),
  };
}
