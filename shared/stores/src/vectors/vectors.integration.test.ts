import type { PGlite } from '@electric-sql/pglite';
import { realStore } from '@loomgraph/testing';
import { createPgDatabase, createPgliteDatabase, openPglite, type SqlDatabase } from '../postgres/index.js';
import { describeCorruption } from './corruption.contract.js';
import { describeVectorIndexContract } from './contract.js';
import { openVectorIndex, type VectorDocument } from './index.js';

const schema = `vectors_test_${process.pid}`;
const postgresUrl = realStore('POSTGRES_URL');
const document = (id: string, content: number[]): VectorDocument => ({
  id,
  revision: 1,
  fingerprint: 'f',
  model: 'm',
  title: '',
  text: '',
  embeddings: { content },
  attributes: {},
});

describe('on PGlite', () => {
  let pglite: PGlite;
  let database: SqlDatabase;
  beforeAll(async () => {
    pglite = await openPglite({ dataDir: 'memory://' });
    database = createPgliteDatabase(pglite, { owned: true });
  }, 60_000);
  afterAll(() => database.close());

  describeVectorIndexContract({ name: 'PGlite', create: (collection) => openVectorIndex({ database, schema, collection }) });
  describeVectorIndexContract({
    name: 'PGlite with HNSW',
    create: (collection) => openVectorIndex({ database, schema: `${schema}_hnsw`, collection, approximate: true }),
  });
  describeCorruption({ database: () => database, schema, create: (collection) => openVectorIndex({ database, schema, collection }) });
  describeOpening(() => database);

  // Prevents: a pass over all rows for each document that is compared, 9 µs per pair where one pass for eight takes 2.
  it('compares eight stored documents in one pass', async () => {
    const statements: string[] = [];
    const watched: SqlDatabase = Object.assign(Object.create(database) as SqlDatabase, {
      backend: database.backend,
      query: (sql: string, parameters: readonly unknown[]) => {
        statements.push(sql);
        return database.query(sql, parameters);
      },
      transaction: (run: Parameters<SqlDatabase['transaction']>[0]) => database.transaction(run),
    });
    const collection = { name: 'compared', dimensions: 3, embeddings: { content: { indexed: true } }, attributes: {} };
    await using index = await openVectorIndex({ database: watched, schema, collection });
    const documents = Array.from({ length: 10 }, (_, n) => document(`d${n}`, [1, n, 0]));
    await index.upsert(documents);
    statements.length = 0;
    const found = await index.searchLikeEach(
      documents.map(({ id }) => id),
      { field: 'content', limit: 3 },
    );
    expect(found.map((hits) => hits.length)).toEqual(documents.map(() => 3));
    expect(statements).toHaveLength(2);
  });
});

if (postgresUrl) {
  describe('on PostgreSQL', () => {
    let database: SqlDatabase;
    let forced: SqlDatabase;
    beforeAll(() => {
      database = createPgDatabase({ url: postgresUrl });
      // Below some 3,000 rows the planner rightly compares them all; here it must take the index, so that its answers are tested.
      const options = encodeURIComponent('-c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off');
      forced = createPgDatabase({ url: `${postgresUrl}?options=${options}` });
    });
    afterAll(async () => {
      await forced.close();
      await database.script(`SET client_min_messages = error; DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await database.close();
    });

    describeVectorIndexContract({ name: 'PostgreSQL', create: (collection) => openVectorIndex({ database, schema, collection }) });
    describeVectorIndexContract({
      name: 'PostgreSQL, index forced',
      create: (collection) => openVectorIndex({ database: forced, schema, collection }),
    });
    describeCorruption({ database: () => database, schema, create: (collection) => openVectorIndex({ database, schema, collection }) });
    describeOpening(() => database);

    it('walks the HNSW index for an indexed embedding, and not for an exact search', async () => {
      const plans: string[] = [];
      const watched: SqlDatabase = Object.assign(Object.create(forced) as SqlDatabase, {
        backend: forced.backend,
        query: async (sql: string, parameters: readonly unknown[]) => {
          if (sql.includes('<=>')) plans.push(JSON.stringify((await forced.query(`EXPLAIN ${sql}`, parameters)).rows));
          return forced.query(sql, parameters);
        },
        transaction: (run: Parameters<SqlDatabase['transaction']>[0]) => forced.transaction(run),
      });
      const collection = { name: 'planned', dimensions: 3, embeddings: { content: { indexed: true } }, attributes: {} };
      await using index = await openVectorIndex({ database: watched, schema, collection });
      await index.upsert([document('a', [1, 0, 0]), document('b', [0, 1, 0])]);
      const query = { field: 'content', embedding: [1, 0.1, 0], limit: 2 };
      const approximate = await index.searchByVector(query);
      expect(await index.searchByVector({ ...query, exact: true })).toEqual(approximate);
      expect(plans).toHaveLength(2);
      expect(plans[0]).toContain('Index Scan using planned_e_content');
      expect(plans[1]).not.toContain('planned_e_content');
    });
  });
}

function describeOpening(database: () => SqlDatabase): void {
  const base = { name: 'opened', dimensions: 3, embeddings: { content: { indexed: true } }, attributes: { category: 'text' } } as const;

  it('opens a collection from many processes at once', async () => {
    const collection = { ...base, name: 'opened_at_once' };
    const indexes = await Promise.all(Array.from({ length: 8 }, () => openVectorIndex({ database: database(), schema, collection })));
    expect(await indexes[7]?.count()).toBe(0);
  });

  it('extends a collection by attributes and embeddings, keeping its documents', async () => {
    const index = await openVectorIndex({ database: database(), schema, collection: base });
    await index.upsert([{ ...document('a', [1, 0, 0]), attributes: { category: 'c' } }]);
    const extended = await openVectorIndex({
      database: database(),
      schema,
      collection: {
        ...base,
        embeddings: { ...base.embeddings, title: { indexed: false } },
        attributes: { ...base.attributes, level: 'number' },
      },
    });
    expect((await extended.get(['a']))[0]).toMatchObject({
      embeddings: { content: [1, 0, 0] },
      attributes: { category: 'c', level: null },
    });
  });

  it('refuses a collection whose table has other dimensions', async () => {
    const collection = { ...base, name: 'resized' };
    await openVectorIndex({ database: database(), schema, collection });
    await expect(openVectorIndex({ database: database(), schema, collection: { ...collection, dimensions: 4 } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('vector(3)'),
    });
  });
}
