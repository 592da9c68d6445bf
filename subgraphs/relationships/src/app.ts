import { LoomError } from '@loomgraph/core';
import { createRequestSync, defineSubgraph, type Subgraph, type SyncWaiter } from '@loomgraph/subgraph-kit';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { Neo4jReader } from './adapters/neo4j-reader.js';
import type { RelationshipsContext } from './graphql/context.js';
import { buildRelationshipsSchema } from './schema/build-schema.js';

export const RELATIONSHIPS = 'relationships';

export interface RelationshipsDependencies {
  /** `bolt://user:password@host:port`, or `neo4j://` for a cluster. */
  readonly neo4jUrl: string;
  /** Default `neo4j`. */
  readonly database?: string;
  /** The graph store's: put before every label, so that installations can share a database. Default none. */
  readonly labelPrefix?: string;
  /** Knows how far the graph is; without it, whoever sends a sync token is told that nobody does. */
  readonly syncTokens?: SyncWaiter | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Connections at most. Default 20. */
  readonly poolSize?: number;
  readonly timeouts?: {
    /** Opening a connection, or waiting for a free one, at most. Default 5 s. */
    readonly connectMs?: number;
    /** A statement at most. Default 15 s. */
    readonly statementMs?: number;
  };
}

/**
 * The projected graph for free traversal, read-only. It needs no server to be made: one that is down fails single fields.
 * @throws LoomError CONFIG_INVALID
 */
export async function createRelationshipsSubgraph(dependencies: RelationshipsDependencies): Promise<Subgraph> {
  const {
    neo4jUrl,
    database,
    labelPrefix = '',
    syncTokens,
    logger,
    metrics,
    poolSize = 20,
    timeouts: { connectMs = 5_000, statementMs = 15_000 } = {},
  } = dependencies;
  if (!/^(?:[A-Za-z_][A-Za-z0-9_]*)?$/.test(labelPrefix))
    throw new LoomError('CONFIG_INVALID', `Graph label prefix "${labelPrefix}" is not an identifier.`);
  const { schema, sdl } = await buildRelationshipsSchema({ labelPrefix });
  const reader = new Neo4jReader({
    url: neo4jUrl,
    poolSize,
    connectTimeoutMs: connectMs,
    statementTimeoutMs: statementMs,
    logger,
    metrics,
  });
  return defineSubgraph({
    name: RELATIONSHIPS,
    sdl,
    schema,
    createContext: ({ sync }): RelationshipsContext => ({
      sync: createRequestSync(RELATIONSHIPS, sync, syncTokens),
      executionContext: reader,
      ...(database === undefined ? {} : { sessionConfig: { database } }),
      loaders: new WeakMap(),
      checked: new WeakSet(),
    }),
    health: async () => [await reader.health()],
    close: () => reader.close(),
  });
}
