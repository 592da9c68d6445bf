import type { Subgraph, SubgraphRequest } from '@loomgraph/subgraph-kit';
import { formatExecutionErrors } from '@loomgraph/subgraph-kit/format-error';
import { execute, parse, type ExecutionResult } from 'graphql';

/** One operation for a subgraph, and who asks. */
export interface SubgraphFetch {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly request: SubgraphRequest;
}

/** Answers operations. Failures of fields are in `errors`; it rejects only when there is no answer at all. */
export interface SubgraphExecutor {
  execute(fetch: SubgraphFetch): Promise<ExecutionResult>;
}

/** Asks a subgraph in this process, without a gateway, a socket or JSON. Operations are taken for fetches of a plan, which are valid. */
export function createLocalHost(subgraph: Subgraph): SubgraphExecutor {
  return {
    async execute({ query, variables, operationName, request }) {
      const result = await execute({
        schema: subgraph.schema,
        document: parse(query, { noLocation: true }),
        variableValues: variables,
        operationName,
        contextValue: subgraph.createContext(request),
      });
      return formatExecutionErrors(result);
    },
  };
}
