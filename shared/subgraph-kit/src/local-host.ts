import { execute, parse, type DocumentNode, type ExecutionResult } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Subgraph, SubgraphRequest } from './define-subgraph.js';
import { formatExecutionErrors } from './format-error.js';

/** One fetch of a query plan, whatever carries it. */
export interface SubgraphFetch {
  readonly query: string;
  readonly document?: DocumentNode;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly request: SubgraphRequest;
}

/** Answers fetches of a query plan. Failures of fields are in `errors`; it rejects only when there is no answer at all. */
export interface SubgraphExecutor {
  execute(fetch: SubgraphFetch): Promise<ExecutionResult>;
}

/** Fetches come from cached query plans, so the set of their texts is small; the bound only guards against a hostile client. */
const PARSED_FETCHES = 2_000;

/**
 * Asks a subgraph in this process, without a gateway: no socket, no JSON. Operations are taken for fetches of a plan, which are valid.
 */
export function createLocalHost(subgraph: Subgraph): SubgraphExecutor {
  const parsed = new LRUCache<string, DocumentNode>({ max: PARSED_FETCHES });
  return {
    async execute({ query, document, variables, operationName, request }) {
      let parsedDocument = document ?? parsed.get(query);
      if (!parsedDocument) parsed.set(query, (parsedDocument = parse(query, { noLocation: true })));
      const result = await execute({
        schema: subgraph.schema,
        document: parsedDocument,
        variableValues: variables,
        operationName,
        contextValue: subgraph.createContext(request),
      });
      return formatExecutionErrors(result);
    },
  };
}
