import { createStoreSet, type StoreSet } from '@loomgraph/stores';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { ChangeCapture, OutboxRow, syncMigrations } from '@loomgraph/sync';
import { benchMigration, benchRecord, BenchTemplate, TriggeredTemplate } from './record.ts';
import type { BenchSettings } from './settings.ts';

export interface DatabaseOptions {
  /** Each measurement has a database of its own, so that none finds what another left. */
  readonly name: string;
  /** `unit of work`: as subgraphs run. `none`: nothing hears of changes. Default `unit of work`. */
  readonly capture?: 'unit of work' | 'none';
}

/** The stores of this process; closed by whoever opened them. */
export function openStores({ stores, namespace }: BenchSettings): StoreSet {
  const { MYSQL_URL, POSTGRES_URL, NEO4J_URL, REDIS_URL } = stores;
  if (!MYSQL_URL || !POSTGRES_URL || !NEO4J_URL || !REDIS_URL) throw new Error('This bench needs MySQL, PostgreSQL, Neo4j and Redis.');
  return createStoreSet({
    urls: { relational: MYSQL_URL, postgres: POSTGRES_URL, neo4j: NEO4J_URL, redis: REDIS_URL },
    dataDir: 'memory://',
    namespace,
    pools: { relational: { idleConnections: 0 } },
  });
}

/** A system of record with the engine's tables, ready. */
export async function openDatabase(stores: StoreSet, { name, capture = 'unit of work' }: DatabaseOptions): Promise<RelationalStore> {
  const store = await stores.relational({
    name,
    entities: [BenchTemplate, TriggeredTemplate, OutboxRow],
    migrations: [...syncMigrations, benchMigration],
    subscribers: capture === 'none' ? [] : [new ChangeCapture([benchRecord])],
  });
  await store.migrate();
  return store;
}
