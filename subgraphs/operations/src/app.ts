import { createBuiltInAuthorizer, type AuditSink, type Authorizer } from '@loomgraph/auth';
import type { StoreSet } from '@loomgraph/stores';
import { auditOperations, defineSubgraph, type Subgraph } from '@loomgraph/subgraph-kit';
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
  /** Told of what is denied, and of what administrators command. */
  readonly auditSink?: AuditSink | undefined;
  /** Who may do what; without it the built-in roles of tokens. */
  readonly authorizer?: Authorizer | undefined;
}

/** What operators ask and command, across subgraphs and processes; it keeps nothing of its own. */
export async function createOperationsSubgraph(dependencies: OperationsDependencies): Promise<Subgraph> {
  const { stores, subgraphs, auditSink, authorizer = createBuiltInAuthorizer() } = dependencies;
  const engines = openEngines(stores, subgraphs);
  const { schema, sdl } = await buildOperationsSchema([
    new SyncStatusResolver(engines),
    new SyncJobResolver(engines),
    new DeadLetterResolver(engines),
  ]);
  if (auditSink) auditOperations(schema, { sink: auditSink, authorizer, subgraph: OPERATIONS });
  return defineSubgraph({
    name: OPERATIONS,
    sdl,
    schema,
    createContext: ({ identity, requestId, clientAddress }): OperationsContext => ({ identity, requestId, clientAddress, authorizer }),
  });
}
