import type { DeferNode, PlanNode as ApolloNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner';
import { fromApolloPlan } from '../../planning/apollo-plan.js';
import type { PlanNode } from '../../planning/plan.js';
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
  return toDeferPlan(node);
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
