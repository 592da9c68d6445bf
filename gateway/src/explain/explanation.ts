import { makerOf } from '../planning/plan-maker.js';
import type { FetchNode, PlanNode } from '../planning/plan.js';
import type { CompiledOperation } from '../execution/compiled-operation.js';
import type { DeferPlan } from '../execution/defer/defer-plan.js';
import type { Generation } from '../execution/generation.js';
import type { Stage } from '../execution/request-watch.js';
import { shownDemand, type Demand } from '../request/cost/demand.js';
import type { ExplainMode } from './explain-mode.js';
import { describeDeferPlan, describePlan, type DescribedDefer, type DescribedNode } from './describe-plan.js';
import { fieldOwners, type FieldOwner } from './field-owners.js';
import { costOf, type PlanCost } from './plan-cost.js';
import type { PartRecord } from './record-parts.js';
import type { FetchRecord, RequestRecord } from './record-request.js';
import { subgraphStores } from './subgraph-stores.js';

/** The only one that plans deferred parts. */
const DEFER_PLANNER = 'apollo';

/** `extensions.explain` of an answer. */
export interface Explanation {
  readonly mode: ExplainMode;
  readonly operation: { readonly kind: string; readonly name: string | null };
  readonly supergraph: { readonly generation: number };
  /** Which planner made this plan; null where none was needed. */
  readonly planner: string | null;
  /** Whether the operation and its plan were there; whether an identical request was in flight, whose execution this one did not share. */
  readonly caches: { readonly operation: 'hit' | 'miss'; readonly plan: 'hit' | 'miss'; readonly identicalInFlight: boolean };
  readonly cost: PlanCost;
  /** What the request may cost, estimated from the operation and its variables; null where costs are not estimated. */
  readonly demand: { readonly estimate: number; readonly max: number | null } | null;
  /** Null where no subgraph is needed. */
  readonly plan: DescribedNode | DescribedDefer | null;
  /** When each part was there, of an answer in parts. */
  readonly parts?: readonly PartRecord[];
  readonly fields: readonly FieldOwner[];
  /** Milliseconds; null for a stage that was not needed. */
  readonly timing: Readonly<Record<Stage | 'total', number | null>>;
}

/** What was made of the request, to be explained. */
export interface ExplainedRequest {
  readonly mode: ExplainMode;
  readonly generation: Generation;
  readonly operation: CompiledOperation;
  readonly plan: PlanNode | DeferPlan | undefined;
  /** Of an answer in parts. */
  readonly parts?: readonly PartRecord[] | undefined;
  readonly demand: Demand | undefined;
  /** By the names the plan has for them. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly record: RequestRecord;
  readonly identicalInFlight: boolean;
}

export async function explain(explained: ExplainedRequest): Promise<Explanation> {
  const { mode, generation, operation, plan, parts, variables, record } = explained;
  const { stages } = record;
  const total = record.elapsedMs();
  return {
    mode,
    operation: { kind: operation.kind, name: operation.name ?? null },
    supergraph: { generation: generation.number },
    planner: plannerOf(plan) ?? null,
    caches: {
      operation: record.cache ?? 'miss',
      plan: stages.plan === undefined ? 'hit' : 'miss',
      identicalInFlight: explained.identicalInFlight,
    },
    cost: costOf(plan !== undefined && isDeferPlan(plan) ? inOrder(plan) : plan, variables),
    demand: explained.demand === undefined ? null : shownDemand(explained.demand),
    plan: describe(plan, mode === 'full' ? record.fetches : undefined),
    ...(parts === undefined ? {} : { parts }),
    fields: fieldOwners({
      document: operation.document,
      apiSchema: generation.apiSchema,
      supergraph: generation.supergraph,
      storesOf: await subgraphStores(generation.sources),
    }),
    timing: {
      parse: stages.parse ?? null,
      plan: stages.plan ?? null,
      execute: stages.execute ?? null,
      write: stages.write ?? null,
      total,
    },
  };
}

function isDeferPlan(plan: PlanNode | DeferPlan): plan is DeferPlan {
  return 'deferred' in plan;
}

function plannerOf(plan: PlanNode | DeferPlan | undefined): string | undefined {
  return plan !== undefined && isDeferPlan(plan) ? DEFER_PLANNER : makerOf(plan);
}

function describe(plan: PlanNode | DeferPlan | undefined, fetches: ReadonlyMap<FetchNode, FetchRecord> | undefined): Explanation['plan'] {
  if (plan === undefined) return null;
  return isDeferPlan(plan) ? describeDeferPlan(plan, fetches) : describePlan(plan, fetches);
}

/** For its cost: the parts after what the first one fetches. */
function inOrder({ primary, deferred }: DeferPlan): PlanNode {
  const parts = deferred.map(({ plan }) => inOrder(plan));
  return { kind: 'sequence', nodes: [...(primary === undefined ? [] : [primary]), { kind: 'parallel', nodes: parts }] };
}
