import type { PGlite } from '@electric-sql/pglite';
import { waitFor } from '@loomgraph/testing';
import { openPglite } from './index.js';
import { keepVacuumed, vacuumNext } from './pglite-vacuum.js';

/** Prevents: tables of an embedded installation that only ever grow, since an embedded PostgreSQL has no autovacuum. */
describe('vacuum of PGlite', () => {
  let pglite: PGlite;
  beforeAll(async () => {
    pglite = await openPglite({ dataDir: 'memory://' });
    await pglite.exec('CREATE SCHEMA "Of A"; CREATE TABLE "Of A".queue (id int PRIMARY KEY, text text); CREATE TABLE still (id int)');
  }, 60_000);
  afterAll(() => pglite.close());

  const passThrough = async (rows: number): Promise<void> => {
    await pglite.exec(`INSERT INTO "Of A".queue SELECT i, repeat('x', 100) FROM generate_series(1, ${rows}) i`);
    await pglite.exec('DELETE FROM "Of A".queue');
    await pglite.exec('SELECT pg_stat_force_next_flush()');
  };
  const look = async () =>
    (
      await pglite.query<{ dead: number; bytes: number }>(
        `SELECT n_dead_tup::int AS dead, pg_total_relation_size(relid)::int AS bytes FROM pg_stat_user_tables WHERE relname = 'queue'`,
      )
    ).rows[0] ?? { dead: Number.NaN, bytes: Number.NaN };

  it('leaves few dead rows alone', async () => {
    await passThrough(500);
    expect(await vacuumNext(pglite)).toBeUndefined();
  });

  it('keeps a table that rows pass through as small as it was', async () => {
    await passThrough(2_000);
    const full = await look();
    expect(full.dead).toBeGreaterThanOrEqual(2_000);
    for (let round = 0; round < 5; round++) {
      expect(await vacuumNext(pglite)).toBe('"Of A".queue');
      expect((await look()).dead).toBe(0);
      expect(await vacuumNext(pglite)).toBeUndefined();
      await passThrough(2_000);
    }
    expect((await look()).bytes).toBeLessThanOrEqual(full.bytes * 1.5);
  });

  it('goes on by itself until it is disposed of, and waits for open transactions', async () => {
    {
      await using _vacuum = keepVacuumed(pglite, 5);
      await pglite.transaction(async (transaction) => {
        await transaction.query('INSERT INTO still VALUES (1)');
        await new Promise((resolve) => setTimeout(resolve, 30));
        await transaction.query('INSERT INTO still VALUES (2)');
      });
      await waitFor(look, ({ dead }) => dead === 0);
    }
    await passThrough(2_000);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await look()).dead).toBeGreaterThanOrEqual(2_000);
  });
});
