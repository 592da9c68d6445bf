import type { PlanNode } from '../planning/plan.js';
import type { CompiledOperation } from '../execution/compiled-operation.js';
import type { Generation } from '../execution/generation.js';
import type { Stage } from '../execution/request-watch.js';
import type { ExplainMode } from './explain-mode.js';
import { describePlan, type DescribedNode } from './describe-plan.js';
import { fieldOwners, type FieldOwner } from './field-owners.js';
import { costOf, type PlanCost } from './plan-cost.js';
import type { RequestRecord } from './record-request.js';
import { subgraphStores } from './subgraph-stores.js';

/** `extensions.explain` of an answer. */
export interface Explanation {
  readonly mode: ExplainMode;
  readonly operation: { readonly kind: string; readonly name: string | null };
  readonly supergraph: { readonly generation: number; readonly planner: string };
  /** Whether the operation and its plan were there; whether an identical request was in flight, whose execution this one did not share. */
  readonly caches: { readonly operation: 'hit' | 'miss'; readonly plan: 'hit' | 'miss'; readonly identicalInFlight: boolean };
  readonly cost: PlanCost;
  /** Null where no subgraph is needed. */
  readonly plan: DescribedNode | null;
  readonly fields: readonly FieldOwner[];
  /** Milliseconds; null for a stage that was not needed. */
  readonly timing: Readonly<Record<Stage | 'total', number | null>>;
}

/** What was made of the request, to be explained. */
export interface ExplainedRequest {
  readonly mode: ExplainMode;
  readonly generation: Generation;
  readonly operation: CompiledOperation;
  readonly plan: PlanNode | undefined;
  /** By the names the plan has for them. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly record: RequestRecord;
  readonly identicalInFlight: boolean;
}

export async function explain(explained: ExplainedRequest): Promise<Explanation> {
  const { mode, generation, operation, plan, variables, record } = explained;
  const { stages } = record;
  const total = record.elapsedMs();
  return {
    mode,
    operation: { kind: operation.kind, name: operation.name ?? null },
    supergraph: { generation: generation.number, planner: generation.plannerName },
    caches: {
      operation: record.cache ?? 'miss',
      plan: stages.plan === undefined ? 'hit' : 'miss',
      identicalInFlight: explained.identicalInFlight,
    },
    cost: costOf(plan, variables),
    plan: plan === undefined ? null : describePlan(plan, mode === 'full' ? record.fetches : undefined),
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
