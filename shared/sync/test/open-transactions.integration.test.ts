import { createMemoryTarget, leaveOutWithout, relationalBackends } from '@loomgraph/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { registerProjections } from '../src/projection/register.js';
import { claim } from '../src/relay/claim.js';
import { dispatch } from '../src/relay/dispatch.js';
import { complete } from '../src/relay/settle.js';
import { noteProjection, openFixture, type Fixture } from './fixture.js';

const ROWS = [3, 150];
const SOON_MS = 3_000;

/**
 * Prevents: a relay that stands still while others write. On MySQL and MariaDB a delete by a list of ids read all of a small table, and waited at
 * the rows of every transaction that had not committed. The embedded record runs one transaction at a time.
 */
const backends = relationalBackends().filter(({ name }) => name !== 'PGlite');
leaveOutWithout('MYSQL_URL', it);

for (const backend of backends)
  describe(`beside transactions that stay open, on ${backend.name}`, () => {
    const projection = noteProjection(createMemoryTarget(), { policy: { batch: 500 } });
    let fixture: Fixture;

    beforeAll(async () => {
      fixture = await openFixture(backend);
      await registerProjections(fixture.store, [projection]);
    });
    afterAll(async () => {
      await backend.drop(fixture.store);
      await backend.close();
    });

    const within = <T>(work: Promise<T>): Promise<T> =>
      Promise.race([
        work,
        sleep(SOON_MS, undefined, { ref: false }).then(() =>
          Promise.reject(new Error('It waited for a transaction that is none of its business.')),
        ),
      ]);

    /** Runs `work` while another connection has written to a table and not committed. */
    const whileOpen = async (insert: string, work: () => Promise<void>): Promise<void> => {
      const written = Promise.withResolvers<void>();
      const end = Promise.withResolvers<void>();
      const open = fixture.store.transaction(async (em) => {
        await em.execute(insert, [], 'run');
        written.resolve();
        await end.promise;
      });
      await written.promise;
      try {
        await work();
      } finally {
        end.resolve();
        await open;
      }
    };

    it.each(ROWS)('dispatches %i changes', async (count) => {
      for (let number = 0; number < count; number++) await fixture.write(`n${number}`, `text ${Math.random()}`);
      const outbox = fixture.store.table('outbox');
      const insert = `insert into ${outbox} (kind, record_type, record_id, revision, deleted, occurred_at) values ('c', 'Note', 'open', 1, false, 0)`;
      await whileOpen(insert, async () => {
        expect(await within(dispatch(fixture.store, [projection]))).toEqual(new Set([projection.name]));
      });
      await dispatch(fixture.store, [projection]); // what was open
    });

    it('settles deliveries', async () => {
      const batch = await claim(fixture.store, projection, { owner: 'me' });
      expect(batch?.claims.length).toBeGreaterThan(100);
      const delivery = fixture.store.table('delivery');
      const insert = `insert into ${delivery} (projection, record_type, record_id, revision, deleted, first_outbox_id, changed_at,
      touches, state, attempts, available_at, lease_until) values ('${projection.name}', 'Note', 'later', 1, false, 1, 0, 1, 'pending', 0, 0, 0)`;
      await whileOpen(insert, async () => {
        await within(complete({ store: fixture.store, work: projection, token: batch!.token }, batch!.claims));
      });
      const left = await fixture.store.read().execute<{ record_id: string }[]>(`select record_id from ${delivery}`);
      expect(left).toEqual([{ record_id: 'later' }]);
    });
  });
