import { createMemoryTarget, relationalBackends } from '@loomgraph/testing';
import { claim } from '../src/relay/claim.js';
import { registerProjections } from '../src/projection/register.js';
import { noteProjection, openFixture, type Fixture } from './fixture.js';

/**
 * Prevents: a claim that joins every record that waits with every one that is owed. With 10,000 new templates on the embedded record the process
 * answered nothing for minutes.
 */
describe('what a claim reads, on PGlite', () => {
  const RECORDS = 400;
  const backend = relationalBackends()[0]!; // the embedded one comes first
  const following = noteProjection(createMemoryTarget(), { name: 'following', after: ['first'], policy: { batch: 8 } });
  let fixture: Fixture;

  beforeAll(async () => {
    fixture = await openFixture(backend);
    await registerProjections(fixture.store, [following]);
  });
  afterAll(async () => {
    await backend.drop(fixture.store);
    await backend.close();
  });

  const run = <Row>(sql: string): Promise<Row[]> => fixture.store.read().execute<Row[]>(sql);
  const owe = (projection: string) =>
    run(`insert into ${fixture.store.table('delivery')} (projection, record_type, record_id, revision, deleted, first_outbox_id, changed_at,
           touches, state, attempts, available_at, lease_until)
         select '${projection}', 'Note', 'n' || i, 1, false, i, 0, 1, 'pending', 0, 0, 0 from generate_series(1, ${RECORDS}) i`);
  const rowsRead = async (): Promise<number> => {
    await run('select pg_stat_force_next_flush()');
    const [row] = await run<{ read: number }>(
      `select (seq_tup_read + idx_tup_fetch)::int as read from pg_stat_user_tables where relid = '${fixture.store.table('delivery')}'::regclass`,
    );
    return row?.read ?? 0;
  };
  const readBy = async (work: () => Promise<unknown>): Promise<number> => {
    const before = await rowsRead();
    await work();
    return (await rowsRead()) - before;
  };

  it.each(['none', 'of another projection alone', 'current'])(
    'is at most two rows per record that waits; statistics: %s',
    async (statistics) => {
      const delivery = fixture.store.table('delivery');
      await run(`truncate ${delivery}`);
      if (statistics === 'of another projection alone') {
        await owe('another');
        await run(`analyze ${delivery}`);
        await run(`truncate ${delivery}`);
      }
      await owe('first');
      await owe('following');
      if (statistics === 'current') await run(`analyze ${delivery}`);
      const read = await readBy(async () => expect(await claim(fixture.store, following, { owner: 'me' })).toBeUndefined());
      expect(read).toBeGreaterThanOrEqual(RECORDS);
      expect(read).toBeLessThanOrEqual(3 * RECORDS);
      await run(`delete from ${delivery} where projection = 'first' and record_id in ('n3', 'n5')`);
      expect((await claim(fixture.store, following, { owner: 'me' }))?.claims.map(({ id }) => id)).toEqual(['n3', 'n5']);
    },
  );
});
