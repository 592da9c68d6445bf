import type { StoreSet } from '@loomgraph/stores';
import { defineSubgraph, type Subgraph } from '@loomgraph/subgraph-kit';
import { openEngines } from './engines.js';
import type { OperationsContext } from './graphql/context.js';
import { buildOperationsSchema } from './graphql/schema.js';
import { DeadLetterResolver } from './graphql/dead-letter.resolver.js';
import { SyncJobResolver } from './graphql/sync-job.resolver.js';
import { SyncStatusResolver } from './graphql/sync-status.resolver.js';

export const OPERATIONS = 'operations';

export interface OperationsDependencies {
  /** The stores of the installation: the engines' databases are found by the names of their subgraphs. */
  readonly stores: StoreSet;
  /** Subgraphs with a system of record. */
  readonly subgraphs: readonly string[];
}

/** What operators ask and command, across subgraphs and processes; it keeps nothing of its own. */
export async function createOperationsSubgraph({ stores, subgraphs }: OperationsDependencies): Promise<Subgraph> {
  const engines = openEngines(stores, subgraphs);
  const { schema, sdl } = await buildOperationsSchema([
    new SyncStatusResolver(engines),
    new SyncJobResolver(engines),
    new DeadLetterResolver(engines),
  ]);
  return defineSubgraph({
    name: OPERATIONS,
    sdl,
    schema,
    createContext: ({ identity }): OperationsContext => ({ identity }),
  });
}
