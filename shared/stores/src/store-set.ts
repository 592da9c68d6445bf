import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { LoomError, type Health } from '@loomgraph/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Bus } from './bus/port.js';
import { createMemoryBus } from './bus/memory.js';
import { createMemoryCache } from './cache/memory.js';
import type { Cache } from './cache/port.js';
import type { GraphStore } from './graph/port.js';
import { openSqlGraph } from './graph/sql-graph-store.js';
import type { Objects } from './objects/port.js';
import type { SqlDatabase } from './postgres/port.js';
import type { PoolOptions } from './relational/mysql.js';
import type { RelationalOptions, RelationalStore } from './relational/port.js';
import { openEmbeddingTable, type EmbeddingTable } from './vectors/embedding-store.js';
import { openVectorIndex } from './vectors/pg-vector-index.js';
import type { VectorCollection, VectorIndex } from './vectors/port.js';

// Backends are imported where they are opened: their drivers are most of the start-up time and memory of a process that does not use them.

/** A URL picks the real store; without it the embedded one is used. */
export interface StoreUrls {
  /** `mysql://` or `mariadb://`: the system of record. */
  readonly relational?: string;
  /** `postgres://`: vectors and text. */
  readonly postgres?: string;
  /** `bolt://` or `neo4j://`: the graph. */
  readonly neo4j?: string;
  /** `redis://`, `redis+sentinel://` or `redis+cluster://`: cache and, without Kafka, the bus. */
  readonly redis?: string;
  /** `http(s)://key:secret@host:port/bucket`: objects. */
  readonly s3?: string;
  /** `kafka://`: the bus. */
  readonly kafka?: string;
}

export interface StoreSetOptions {
  readonly urls: StoreUrls;
  /** Where the embedded stores keep their files; `memory://` keeps nothing. */
  readonly dataDir: string;
  /** Put before keys, labels and collections, so that tests and installations can share servers. Default none. */
  readonly namespace?: string;
  readonly pools?: { readonly relational?: PoolOptions; readonly postgres?: PoolOptions; readonly neo4j?: PoolOptions };
  /** Where this process serves presigned URLs of the embedded objects, and what signs them. */
  readonly objects?: { readonly publicUrl: string; readonly secret: string };
}

/**
 * The stores of one process, each opened when first asked for and closed together. What backs each is decided by the URLs alone: callers see
 * only the ports.
 */
export interface StoreSet extends AsyncDisposable {
  /** Put before keys, labels and collections; empty where servers are this installation's alone. Objects are named by whoever writes them: put it before theirs. */
  readonly namespace: string;
  relational(options: RelationalOptions): Promise<RelationalStore>;
  vectors(collection: VectorCollection): Promise<VectorIndex>;
  /** Embeddings by content, beside the vectors. */
  embeddings(): Promise<EmbeddingTable>;
  /** The graph; labels get their constraints. */
  graph(labels: readonly string[]): Promise<GraphStore>;
  cache(): Promise<Cache>;
  objects(): Promise<Objects>;
  /** Serves the presigned URLs of embedded objects under their `publicUrl`; undefined where a server of its own does. */
  objectsHandler(): Promise<((request: IncomingMessage, response: ServerResponse) => Promise<void>) | undefined>;
  bus(): Promise<Bus>;
  /** Of every store that is open. */
  health(): Promise<Health[]>;
  close(): Promise<void>;
}

const IN_MEMORY = 'memory://';

export function createStoreSet(options: StoreSetOptions): StoreSet {
  const { urls, dataDir, namespace = '', pools = {} } = options;
  const opened: { close(): Promise<void>; health?(): Promise<Health> }[] = [];
  const keep = <T extends { close(): Promise<void>; health?(): Promise<Health> }>(store: T): T => {
    opened.push(store);
    return store;
  };

  const inMemory = dataDir === IN_MEMORY;
  const pglite = once(async (): Promise<PGlite> => {
    if (!inMemory) await mkdir(dataDir, { recursive: true });
    const { openPglite } = await import('./postgres/pglite.js');
    const { keepVacuumed } = await import('./postgres/pglite-vacuum.js');
    const instance = await openPglite({ dataDir: inMemory ? dataDir : join(dataDir, 'pglite') });
    const vacuum = keepVacuumed(instance);
    opened.unshift({
      close: async () => {
        await vacuum[Symbol.asyncDispose]();
        await instance.close();
      },
    });
    return instance;
  });
  const database = once(async (): Promise<SqlDatabase> => {
    const { postgres } = urls;
    if (!postgres) {
      const { createPgliteDatabase } = await import('./postgres/pglite.js');
      return keep(createPgliteDatabase(await pglite()));
    }
    const { createPgDatabase } = await import('./postgres/pg.js');
    const pool = pools.postgres ?? {};
    return keep(
      createPgDatabase({
        url: postgres,
        ...(pool.maxConnections === undefined ? {} : { poolSize: pool.maxConnections }),
        ...(pool.connectTimeoutMs === undefined ? {} : { connectTimeoutMs: pool.connectTimeoutMs }),
        ...(pool.idleTimeoutMs === undefined ? {} : { idleTimeoutMs: pool.idleTimeoutMs }),
      }),
    );
  });
  /** Files have no place in memory: they get a folder that goes when the store set closes. */
  const temporaryDir = async (): Promise<string> => {
    const dir = await mkdtemp(join(tmpdir(), 'loomgraph-'));
    opened.unshift({ close: () => rm(dir, { recursive: true, force: true }) });
    return dir;
  };
  const graphStores = new Map<string, Promise<GraphStore>>();
  const prefixed = (name: string): string => (namespace ? `${namespace}_${name}` : name);

  const embeddedObjects = once(async () => {
    if (!options.objects)
      throw new LoomError('CONFIG_INVALID', 'Embedded objects need the address they are served under and a secret that signs it.');
    const { createDirectoryObjects } = await import('./objects/directory.js');
    return keep(createDirectoryObjects({ dir: inMemory ? await temporaryDir() : join(dataDir, 'objects'), ...options.objects }));
  });

  const set: StoreSet = {
    namespace,
    async relational(relational) {
      const named = { ...relational, name: prefixed(relational.name) };
      if (!urls.relational) {
        const { openPgliteRelational } = await import('./relational/pglite.js');
        return keep(await openPgliteRelational({ ...named, pglite: await pglite() }));
      }
      const { openMySqlRelational } = await import('./relational/mysql.js');
      return keep(await openMySqlRelational({ ...named, url: urls.relational, ...(pools.relational ? { pool: pools.relational } : {}) }));
    },
    vectors: async (collection) => keep(await openVectorIndex({ database: await database(), schema: prefixed('vectors'), collection })),
    embeddings: once(async () => openEmbeddingTable({ database: await database(), schema: prefixed('vectors') })),
    graph(labels) {
      const key = labels.toSorted().join();
      const known = graphStores.get(key);
      if (known) return known;
      const opening = (async () => {
        if (!urls.neo4j) return keep(await openSqlGraph({ database: await database(), schema: prefixed('graph') }));
        const { openNeo4jGraph } = await import('./graph/neo4j-graph-store.js');
        const pool = pools.neo4j ?? {};
        return keep(
          await openNeo4jGraph({
            url: urls.neo4j,
            labels,
            ...(namespace ? { labelPrefix: `${namespace}_` } : {}),
            ...(pool.maxConnections === undefined ? {} : { poolSize: pool.maxConnections }),
            ...(pool.connectTimeoutMs === undefined ? {} : { connectTimeoutMs: pool.connectTimeoutMs }),
          }),
        );
      })();
      graphStores.set(key, opening);
      return opening;
    },
    cache: once(async () => {
      if (!urls.redis) return keep(createMemoryCache({}));
      const { createRedisCache } = await import('./cache/redis.js');
      return keep(createRedisCache({ url: urls.redis, prefix: `${prefixed('loom')}:` }));
    }),
    objects: once(async () => {
      if (!urls.s3) return embeddedObjects();
      const { createS3Objects } = await import('./objects/s3.js');
      return keep(createS3Objects({ url: urls.s3 }));
    }),
    async objectsHandler() {
      if (urls.s3) return undefined;
      const { createObjectsHandler } = await import('./objects/handler.js');
      return createObjectsHandler(await embeddedObjects());
    },
    bus: once(async () => {
      if (urls.kafka) {
        const { createKafkaBus } = await import('./bus/kafka.js');
        return keep(createKafkaBus({ url: urls.kafka, ...(namespace ? { prefix: `${namespace}.` } : {}) }));
      }
      if (urls.redis) {
        const { createRedisStreamsBus } = await import('./bus/redis-streams.js');
        return keep(createRedisStreamsBus({ url: urls.redis, prefix: `${prefixed('loom')}:bus:` }));
      }
      // The outbox may forget an event only when nothing but this process's memory need remember it.
      return keep(createMemoryBus({ acknowledge: 'handled' }));
    }),
    health: () => Promise.all(opened.flatMap((store) => (store.health ? [store.health()] : []))),
    async close() {
      // Last opened first: what others stand on was opened before them.
      for (const store of opened.splice(0).toReversed()) await store.close();
    },
    [Symbol.asyncDispose]: () => set.close(),
  };
  return set;
}

/** The first call opens; all others get the same. A failed opening may be tried again. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opening: Promise<T> | undefined;
  return () =>
    (opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
}
