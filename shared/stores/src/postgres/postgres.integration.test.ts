import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realStore } from '@loomgraph/testing';
import { createPgDatabase, createPgliteDatabase, ensureSchema, openPglite, type SqlDatabase } from './index.js';

const schema = `postgres_test_${process.pid}`;
const postgresUrl = realStore('POSTGRES_URL');
const adapters: [string, () => Promise<SqlDatabase>][] = [
  ['PGlite', async () => createPgliteDatabase(await openPglite({ dataDir: 'memory://' }), { owned: true })],
  ...(postgresUrl
    ? [['PostgreSQL', async () => createPgDatabase({ url: postgresUrl, statementTimeoutMs: 400 })] as [string, () => Promise<SqlDatabase>]]
    : []),
];

describe.each(adapters)('SqlDatabase: %s', (name, open) => {
  let database: SqlDatabase;
  beforeAll(async () => {
    database = await open();
    await database.script(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.numbers (n integer PRIMARY KEY)`);
  }, 60_000);
  afterAll(async () => {
    await database.close();
    if (name === 'PGlite') return;
    await using cleaner = await open();
    await cleaner.script(`SET client_min_messages = error; DROP SCHEMA ${schema} CASCADE`);
  });

  it('gives values back alike', async () => {
    const { rows, affected } = await database.query(
      `SELECT 9007199254740991::bigint AS big, count(*) AS n, 1.5::float8 AS f, '{"a":[1]}'::jsonb AS j, ARRAY['x','y"'] AS texts,
         '2026-01-02 03:04:05+00'::timestamptz AT TIME ZONE 'UTC' AS at, true AS b, NULL AS nothing, '[1,2.5]'::text AS t`,
    );
    expect(rows).toEqual([
      {
        big: 9007199254740991,
        n: 1,
        f: 1.5,
        j: { a: [1] },
        texts: ['x', 'y"'],
        at: '2026-01-02 03:04:05',
        b: true,
        nothing: null,
        t: '[1,2.5]',
      },
    ]);
    expect(affected).toBe(0);
  });

  it('1. commits what resolves and rolls back what rejects, passing the error on', async () => {
    await database.transaction((transaction) => transaction.query(`INSERT INTO ${schema}.numbers VALUES ($1)`, [1]));
    const failure = new Error('of the caller');
    const failing = database.transaction(async (transaction) => {
      expect((await transaction.query(`INSERT INTO ${schema}.numbers VALUES (2), (3)`)).affected).toBe(2);
      throw failure;
    });
    await expect(failing).rejects.toBe(failure);
    expect((await database.query(`SELECT n FROM ${schema}.numbers`)).rows).toEqual([{ n: 1 }]);
  });

  it('2. classifies errors, in transactions too, and goes on afterwards', async () => {
    await expect(database.query('SELECT nonsense')).rejects.toMatchObject({ kind: 'constraint', cause: { code: '42703' } });
    await database.query(`INSERT INTO ${schema}.numbers VALUES (9)`);
    const twice = database.transaction((transaction) => transaction.query(`INSERT INTO ${schema}.numbers VALUES (9)`));
    await expect(twice).rejects.toMatchObject({ kind: 'constraint', cause: { code: '23505' } });
    expect(await database.health()).toMatchObject({ ok: true, backend: database.backend });
  });

  it('2. tells a full disk and a read-only server from mistakes', async () => {
    const full = database.script(`DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$`);
    await expect(full).rejects.toMatchObject({ kind: 'unavailable', code: 'STORE_FULL', cause: { code: '53100' } });
    const readOnly = database.transaction(async (transaction) => {
      await transaction.query('SET TRANSACTION READ ONLY');
      await transaction.query(`INSERT INTO ${schema}.numbers VALUES (77)`);
    });
    await expect(readOnly).rejects.toMatchObject({ kind: 'unavailable', code: 'STORE_UNAVAILABLE', cause: { code: '25006' } });
    expect(await database.health()).toMatchObject({ ok: true });
  });

  it('defines a schema once, however many try', async () => {
    const definition = { schema, table: 'defined', statements: [`CREATE TABLE IF NOT EXISTS "${schema}"."defined" (id text)`] };
    await Promise.all(Array.from({ length: 10 }, () => ensureSchema(database, definition)));
    await ensureSchema(database, {
      ...definition,
      statements: [...definition.statements, `ALTER TABLE "${schema}"."defined" ADD COLUMN IF NOT EXISTS n int`],
    });
    expect((await database.query(`SELECT id, n FROM ${schema}.defined`)).rows).toEqual([]);
  });

  if (name === 'PGlite') {
    it('starts new databases from a template, written by the first, and leaves those that are there alone', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'loomgraph-template-'));
      const named = process.env['LOOM_PGLITE_TEMPLATE'];
      process.env['LOOM_PGLITE_TEMPLATE'] = join(folder, 'new/template.tar');
      const dataDir = join(folder, 'data');
      const open = async (): Promise<SqlDatabase> => createPgliteDatabase(await openPglite({ dataDir }), { owned: true });
      try {
        const first = await openPglite({ dataDir: 'memory://' });
        await first.exec('CREATE TABLE not_in_the_template (n int)');
        await first.close();
        {
          await using second = await open();
          await second.script("CREATE TABLE kept (e vector(2)); INSERT INTO kept VALUES ('[1,2]')");
        }
        await using again = await open();
        expect((await again.query('SELECT e FROM kept')).rows).toEqual([{ e: '[1,2]' }]);
        await expect(again.query('SELECT n FROM not_in_the_template')).rejects.toThrow('does not exist');
      } finally {
        if (named === undefined) delete process.env['LOOM_PGLITE_TEMPLATE'];
        else process.env['LOOM_PGLITE_TEMPLATE'] = named;
        await rm(folder, { recursive: true, force: true });
      }
    });
  }

  if (name === 'PostgreSQL') {
    it('ends a statement that runs too long, and a script does not count as one', async () => {
      await expect(database.query('SELECT pg_sleep(5)')).rejects.toMatchObject({ kind: 'timeout' });
      await database.script('SELECT pg_sleep(0.6)');
    });

    it('survives the server ending its connections, idle and in use', async () => {
      await using victim = createPgDatabase({ url: postgresUrl ?? '', poolSize: 2 });
      const pid = async () => (await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
      await database.query('SELECT pg_terminate_backend($1)', [await pid()]);
      const used = victim.transaction(async (transaction) => {
        const { rows } = await transaction.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await database.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
        await transaction.query('SELECT 1');
      });
      await expect(used).rejects.toMatchObject({ kind: 'unavailable' });
      expect(await pid()).toEqual(expect.any(Number));
    });

    it('is unavailable when there is no server', async () => {
      await using nowhere = createPgDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', connectTimeoutMs: 300 });
      await expect(nowhere.query('SELECT 1')).rejects.toMatchObject({ kind: 'unavailable', store: 'postgres' });
      expect(await nowhere.health()).toMatchObject({ ok: false });
    });
  }

  it('3. rejects every call after close', async () => {
    await database.close();
    await database.close();
    await expect(database.query('SELECT 1')).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(database.script('SELECT 1')).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(database.transaction(async () => 1)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await database.health()).toMatchObject({ ok: false });
  });
});
