import type { FetchNode } from '../planning/plan.js';

/** A fetch for tests of what is told of plans. */
export function rootFetch(subgraph: string): FetchNode {
  return {
    kind: 'fetch',
    subgraph,
    operation: '{ a }',
    operationName: undefined,
    operationKind: 'query',
    variables: [],
    batches: undefined,
    outputRewrites: [],
  };
}
