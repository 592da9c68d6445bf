import { createMemoryCache, createRedisCache } from '@loomgraph/stores/cache';
import { openNeo4jGraph, openSqlGraph } from '@loomgraph/stores/graph';
import { createPgDatabase, createPgliteDatabase, openPglite, type SqlDatabase } from '@loomgraph/stores/postgres';
import { openVectorIndex } from '@loomgraph/stores/vectors';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { realStore, relationalBackends, waitFor } from '@loomgraph/testing';
import { Redis } from 'ioredis';
import neo4j from 'neo4j-driver';
import {
  cacheTarget,
  defineProjection,
  graphTarget,
  JobRunner,
  jobs,
  vectorTarget,
  type CheckResult,
  type Job,
  type Projection,
  type ProjectionTarget,
} from '../src/index.js';
import { Note, noteRecord, openFixture, type Fixture } from './fixture.js';

/** A target with what corrupts it behind the engine's back. */
interface Subject {
  readonly target: ProjectionTarget<never>;
  readonly derive: (text: string) => unknown;
  /** Absent where the target lets documents go by itself: a document that is gone is no drift then. */
  readonly lose?: (id: string) => Promise<unknown>;
  /** Changes content, not stamp; absent where nobody outside the process can. */
  readonly damage?: (id: string) => Promise<unknown>;
  close(): Promise<void>;
}

const schema = `audit_${process.pid}`;
const embedder = {
  name: 'flat',
  version: 1,
  dimensions: 2,
  embed: (texts: readonly string[]) => Promise.resolve(texts.map((text) => [Math.fround(text.length / 100), 1])),
};

function database(url: string | undefined): Promise<SqlDatabase> {
  if (url) return Promise.resolve(createPgDatabase({ url }));
  return openPglite({ dataDir: 'memory://' }).then((pglite) => createPgliteDatabase(pglite, { owned: true }));
}

async function sqlSubject(
  url: string | undefined,
  table: string,
  open: (sql: SqlDatabase) => Promise<Pick<Subject, 'target' | 'derive'>>,
  damage: string,
): Promise<Subject> {
  const sql = await database(url);
  return {
    ...(await open(sql)),
    lose: (id) => sql.query(`delete from "${schema}"."${table}" where id = $1`, [id]),
    damage: (id) => sql.query(`update "${schema}"."${table}" set ${damage} where id = $1`, [id]),
    async close() {
      await sql.script(`drop schema if exists "${schema}" cascade`);
      await sql.close();
    },
  };
}

const vectors = (url: string | undefined) => () =>
  sqlSubject(
    url,
    'notes',
    async (sql) => ({
      target: vectorTarget(
        await openVectorIndex({
          database: sql,
          schema,
          collection: { name: 'notes', dimensions: 2, embeddings: { content: { indexed: false } }, attributes: {} },
        }),
        embedder,
      ) as ProjectionTarget<never>,
      derive: (text) => ({ title: text, text, attributes: {}, embed: { content: text } }),
    }),
    `e_content = '[0.5,0.5]'`,
  );

const node = (text: string) => ({
  properties: { text },
  ownedEdges: ['LIKE'],
  edges: [{ type: 'LIKE', to: { label: 'Note', id: 'n00' }, properties: {}, weight: 1 }],
});

const sqlGraph = () =>
  sqlSubject(
    undefined,
    'nodes',
    async (sql) => ({
      target: graphTarget(await openSqlGraph({ database: sql, schema }), 'Note') as ProjectionTarget<never>,
      derive: node,
    }),
    `properties = '{"text": "damaged"}'`,
  );

const neo4jGraph = (url: string) => async (): Promise<Subject> => {
  const labelPrefix = `A${process.pid}_`;
  const { username, password, protocol, host } = new URL(url);
  const driver = neo4j.driver(`${protocol}//${host}`, password ? neo4j.auth.basic(username, password) : undefined);
  const graph = await openNeo4jGraph({ url, labels: ['Note'], labelPrefix });
  const label = `\`${labelPrefix}Note\``;
  return {
    target: graphTarget(graph, 'Note') as ProjectionTarget<never>,
    derive: node,
    lose: (id) => driver.executeQuery(`match (n:${label} {id: $id}) detach delete n`, { id }),
    // An edge that is gone is damage as a property is.
    damage: (id) => driver.executeQuery(`match (n:${label} {id: $id})-[e:LIKE]->() delete e`, { id }),
    async close() {
      await driver.executeQuery(`match (n:${label}) detach delete n`);
      await driver.close();
      await graph.close();
    },
  };
};

const memoryCache = (): Promise<Subject> => {
  const cache = createMemoryCache({});
  const target = cacheTarget<{ text: string }>({ cache, prefix: 'notes:', ttlMs: 600_000 }) as ProjectionTarget<never>;
  return Promise.resolve({ target, derive: (text: string) => ({ text }), close: () => cache.close() });
};

const redisCache = (url: string) => (): Promise<Subject> => {
  const prefix = `audit-${process.pid}:`;
  const cache = createRedisCache({ url, prefix });
  const redis = new Redis(url);
  const keyOf = async (id: string): Promise<string> => (await redis.keys(`${prefix}*:notes:${id}`))[0] as string;
  return Promise.resolve({
    target: cacheTarget<{ text: string }>({ cache, prefix: 'notes:', ttlMs: 600_000 }) as ProjectionTarget<never>,
    derive: (text: string) => ({ text }),
    damage: async (id) => redis.set(await keyOf(id), ((await redis.get(await keyOf(id))) as string).replace('text', 'texT')),
    async close() {
      await cache.close();
      await redis.del(...(await redis.keys(`${prefix}*`)));
      await redis.quit();
    },
  });
};

const real = { postgres: realStore('POSTGRES_URL'), neo4j: realStore('NEO4J_URL'), redis: realStore('REDIS_URL') };
const subjects: [string, () => Promise<Subject>][] = [
  ['vectors on PGlite', vectors(undefined)],
  ['the SQL graph on PGlite', sqlGraph],
  ['the cache in memory', memoryCache],
  ...(real.postgres ? [['vectors on PostgreSQL', vectors(real.postgres)] as [string, () => Promise<Subject>]] : []),
  ...(real.neo4j ? [['the graph on Neo4j', neo4jGraph(real.neo4j)] as [string, () => Promise<Subject>]] : []),
  ...(real.redis ? [['the cache on Redis', redisCache(real.redis)] as [string, () => Promise<Subject>]] : []),
];

/** Prevents: a class of corruption that one of the stores hides. */
describe.each(subjects)('planted drift in %s', (_name, open) => {
  const WAIT_MS = 30_000;
  const backend = relationalBackends().at(-1)!; // a real record where there is one
  let subject: Subject;
  let fixture: Fixture;
  let projection: Projection;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    subject = await open();
    fixture = await openFixture(backend);
    projection = defineProjection<string, never>({
      name: 'notes',
      version: 1,
      source: 'Note',
      load: async (ids, em) =>
        (await em.find(Note, { id: { $in: [...ids] } })).map(({ id, revision, text }) => ({ id, revision, value: text })),
      derive: (text) => subject.derive(text) as never, // each target takes what its own derivation makes
      target: subject.target,
    });
    const relay = fixture.relay([projection]);
    await relay.start();
    const { store } = fixture;
    const runner = new JobRunner({
      store,
      projections: [projection],
      records: [noteRecord],
      subgraph: 'notes',
      logger: silentLogger,
      metrics: createMetrics(),
      pollMs: 30,
    });
    runner.start();
    stop = async () => {
      await runner.stop();
      await relay.stop();
    };
    await fixture.unitOfWork.run(({ em }) => {
      for (let n = 0; n < 30; n++) em.create(Note, { id: `n${String(n).padStart(2, '0')}`, text: `text ${n}` });
      return Promise.resolve();
    });
    expect(await relay.whenQuiet(WAIT_MS)).toBe(true);
  }, 90_000);
  afterAll(async () => {
    await stop();
    await subject.close();
    await backend.drop(fixture.store);
    await backend.close();
  });

  const run = async (kind: 'check' | 'repair') => {
    const { id } = await jobs(fixture.store).create({ kind, projection: 'notes', requestedBy: 'test' });
    const job = await waitFor(
      () => jobs(fixture.store).get(id),
      (one) => one?.state === 'done' || one?.state === 'failed',
      WAIT_MS,
    );
    expect(job).toMatchObject({ state: 'done' });
    const { missing, stale, orphan, corrupt, repaired } = ((job as Job).result as CheckResult).projections[0]!;
    return { missing, stale, orphan, corrupt, ...(kind === 'repair' ? { repaired } : {}) };
  };

  it('Y3 is found and repaired, every class of it', async () => {
    const { target, lose, damage } = subject;
    const content = subject.derive('planted') as never;
    const none = { missing: 0, stale: 0, orphan: 0, corrupt: 0 };
    expect(await run('check')).toEqual(none);
    const stored = async (id: string) => {
      const [entry] = await target.entries([id]);
      return { revision: entry?.revision ?? -1, fence: entry?.fence ?? -1 };
    };
    const overwrite = async (id: string, document: { revision: number; fingerprint: string }) =>
      expect(await target.apply([{ id, content, ...document, fence: 1, replaces: await stored(id) }])).toEqual(['applied']);
    await overwrite('n03', { revision: 0, fingerprint: 'older' });
    await overwrite('n04', { revision: 77, fingerprint: 'newer' });
    await overwrite('n05', { revision: 1, fingerprint: 'derived otherwise' });
    expect(await target.remove([{ id: 'n06', revision: 9 }])).toEqual(['applied']);
    expect(await target.apply([{ id: 'zz', revision: 3, fingerprint: 'f', content }])).toEqual(['applied']);
    await lose?.('n07');
    await damage?.('n08');
    const planted = { missing: lose ? 2 : 1, stale: 3, orphan: 1, corrupt: damage ? 1 : 0 };
    expect(await run('check')).toEqual(planted);
    const all = Object.values(planted).reduce((sum, one) => sum + one, 0);
    expect(await run('repair')).toEqual({ ...planted, repaired: all });
    expect(await run('check')).toEqual(none);
    expect(await target.entries(['n04', 'n06', 'zz'], { verify: true })).toMatchObject([
      { revision: 1, deleted: false, intact: true },
      { revision: 1, deleted: false, intact: true },
      { deleted: true },
    ]);
  }, 60_000);
});
