import { realStore } from '@loomgraph/testing';
import { createPgDatabase, createPgliteDatabase, openPglite, type SqlDatabase } from '../postgres/index.js';
import { openEmbeddingTable } from './embedding-store.js';

const backends: [string, () => Promise<SqlDatabase>][] = [
  ['PGlite', async () => createPgliteDatabase(await openPglite({ dataDir: 'memory://' }), { owned: true })],
];
const url = realStore('POSTGRES_URL');
if (url) backends.push(['PostgreSQL', () => Promise.resolve(createPgDatabase({ url }))]);

describe.each(backends)('embeddings by content on %s', (_, open) => {
  const schema = `embedding_${process.pid}`;
  let database: SqlDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => {
    await database.script(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    await database.close();
  });

  it('answers in the order of the keys, equal to what was stored', async () => {
    const table = await openEmbeddingTable({ database, schema });
    const vector = Array.from({ length: 1_536 }, (_, position) => Math.fround(Math.sin(position)));
    await table.setMany([
      { key: 'm/1/1536/a', vector },
      { key: 'm/1/1536/b', vector: vector.toReversed() },
      { key: 'm/1/1536/a', vector },
    ]);
    expect(await table.getMany(['m/1/1536/b', 'm/1/1536/none', 'm/1/1536/a', 'm/2/1536/a', 'm/1/1536/b'])).toEqual([
      vector.toReversed(),
      undefined,
      vector,
      undefined,
      vector.toReversed(),
    ]);
  });

  it('keeps what it has, survives being opened again, and forgets other models in slices', async () => {
    const table = await openEmbeddingTable({ database, schema });
    await table.setMany(['x', 'y', 'z'].map((hash) => ({ key: `old/1/2/${hash}`, vector: [1, 0] })));
    await table.setMany([{ key: 'm/1/1536/a', vector: [9] }]);
    expect(await table.keepModels(['m/1/1536'], 2)).toBe(2);
    expect(await table.keepModels(['m/1/1536'], 2)).toBe(1);
    expect(await table.keepModels(['m/1/1536'], 2)).toBe(0);
    expect((await table.getMany(['m/1/1536/a']))[0]).toHaveLength(1_536);
  });
});
