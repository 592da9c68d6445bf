import type { DeferNode, PlanNode as ApolloNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner';
import { fromApolloPlan } from '../../planning/apollo-plan.js';
import { bringsAny, contextsOf, fetchesOf } from '../../planning/context-order.js';
import type { FetchNode, PlanNode } from '../../planning/plan.js';
import { PlanningFailedError } from '../../planning/planning-failed-error.js';

/** The plan of an operation, or of a deferred part of one, that has deferred parts. */
export interface DeferPlan {
  /** Undefined where nothing is to be fetched. */
  readonly primary: PlanNode | undefined;
  readonly deferred: readonly DeferredPart[];
}

export interface DeferredPart {
  readonly label: string;
  /** Ids of the fetches, anywhere in the plan, whose answers this part starts from. */
  readonly depends: readonly string[];
  readonly plan: DeferPlan;
}

/** A plan of `@apollo/query-planner` with incremental delivery. @throws PlanningFailedError for what is not known to be planned */
export function fromApolloDeferPlan({ node }: QueryPlan): DeferPlan {
  if (node?.kind === 'Subscription') throw new PlanningFailedError('The plan defers parts of a subscription.');
  const plan = toDeferPlan(node);
  assertContextsBrought(plan);
  return plan;
}

function toDeferPlan(node: ApolloNode | undefined): DeferPlan {
  if (node?.kind !== 'Defer') return { primary: toPlanNode(node), deferred: [] };
  const { primary, deferred }: DeferNode = node;
  return { primary: toPlanNode(primary.node), deferred: deferred.map(toPart) };
}

function toPart({ label, depends, node }: DeferNode['deferred'][number]): DeferredPart {
  if (label === undefined) throw new PlanningFailedError('The plan has a deferred part without a label.');
  return { label, depends: depends.map(({ id }) => id), plan: toDeferPlan(node) };
}

function toPlanNode(node: ApolloNode | SubscriptionNode | undefined): PlanNode | undefined {
  return node && fromApolloPlan({ kind: 'QueryPlan', node });
}

/**
 * The planner makes a deferred part wait for the objects it asks about, but not for values of `@fromContext` that other fetches add to the
 * objects above them. Such an operation is answered whole.
 * @throws PlanningFailedError
 */
function assertContextsBrought(plan: DeferPlan): void {
  const all = fetchesOfPlan(plan);
  const check = ({ deferred }: DeferPlan): void => {
    for (const { depends, plan: part } of deferred) {
      const own = fetchesOfPlan(part);
      const needed = own.flatMap(contextsOf);
      const others = all.filter((fetch) => !own.includes(fetch) && (fetch.id === undefined || !depends.includes(fetch.id)));
      if (needed.length > 0 && others.some((fetch) => bringsAny(fetch, needed)))
        throw new PlanningFailedError('A deferred part does not wait for a value of @fromContext that is passed to it.');
      check(part);
    }
  };
  check(plan);
}

function fetchesOfPlan({ primary, deferred }: DeferPlan): readonly FetchNode[] {
  return [...fetchesOf(primary), ...deferred.flatMap(({ plan }) => fetchesOfPlan(plan))];
}
