import type { ExecutionResult } from 'graphql';

/** One GraphQL request. */
export interface Operation {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** A federated stack under test, whatever it is made of. Rejects only when there is no GraphQL answer at all. */
export type FederatedRun = (operation: Operation) => Promise<ExecutionResult>;

export interface NamedRun {
  /** For reports: `rust planner, remote subgraphs`. */
  readonly name: string;
  /** `default`: what the gateway uses unless told otherwise; `stepwise`: what it uses where other planners find no right plan. */
  readonly planner: 'default' | 'stepwise' | 'apollo';
  /** It is asked every so many operations; all when left out. */
  readonly every?: number;
  readonly run: FederatedRun;
}
