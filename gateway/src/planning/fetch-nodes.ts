import type { EntityBatch, FetchNode, PlanPath, Rewrite } from './plan.js';

/** What every fetch of a foreign plan says, in the planners' own words. */
export interface ForeignFetch {
  readonly serviceName: string;
  readonly id?: string | undefined;
  readonly operation: string;
  readonly operationName?: string | undefined;
  readonly operationKind?: FetchNode['operationKind'] | undefined;
  readonly variableUsages?: readonly string[] | undefined;
}

/** Both planners name these two alike unless several batches share a fetch. */
const ENTITIES_KEY = '_entities';
const REPRESENTATIONS_VARIABLE = 'representations';

export function toRootFetch(fetch: ForeignFetch, path: PlanPath, outputRewrites: readonly Rewrite[]): FetchNode {
  return { ...toFetch(fetch), batches: undefined, outputRewrites, ...(path.length === 0 ? {} : { mergeAt: path }) };
}

export function toEntityFetch(fetch: ForeignFetch, batch: Omit<EntityBatch, 'alias' | 'representationsVariable'>): FetchNode {
  return toBatchFetch(fetch, [{ alias: ENTITIES_KEY, representationsVariable: REPRESENTATIONS_VARIABLE, ...batch }]);
}

/** Rewrites of entities belong to their batch, so the fetch itself has none. */
export function toBatchFetch(fetch: ForeignFetch, batches: readonly EntityBatch[]): FetchNode {
  return { ...toFetch(fetch), batches, outputRewrites: [] };
}

function toFetch(fetch: ForeignFetch): Omit<FetchNode, 'batches' | 'outputRewrites'> {
  return {
    kind: 'fetch',
    ...(fetch.id === undefined ? {} : { id: fetch.id }),
    subgraph: fetch.serviceName,
    operation: fetch.operation,
    operationName: fetch.operationName,
    operationKind: fetch.operationKind ?? 'query',
    variables: fetch.variableUsages ?? [],
  };
}
