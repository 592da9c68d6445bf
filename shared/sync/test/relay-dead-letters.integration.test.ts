import { LoomError } from '@loomgraph/core';
import { createMemoryTarget, relationalBackends, waitFor, type MemoryTarget } from '@loomgraph/testing';
import { deadLetters, type DeadLetters, type Relay } from '../src/index.js';
import { defaultRetention, cleanUp } from '../src/relay/housekeeping.js';
import { noFaults } from '../src/relay/faults.js';
import { noteProjection, openFixture, type Fixture } from './fixture.js';

const QUIET_MS = 15_000;

for (const backend of relationalBackends(import.meta.filename)) {
  describe(`dead letters on ${backend.name}`, () => {
    let fixture: Fixture;
    let relay: Relay;
    let target: MemoryTarget;
    let letters: DeadLetters;

    beforeEach(async () => {
      fixture = await openFixture(backend);
      letters = deadLetters(fixture.store);
      target = createMemoryTarget();
      target.failWith = (ids) => {
        if (ids.some((id) => id.startsWith('bad'))) throw new LoomError('BAD_USER_INPUT', 'cannot be indexed');
      };
      relay = fixture.relay([noteProjection(target, { policy: { maxAttempts: 2 } })]);
      await relay.start();
    });
    afterEach(async () => {
      await relay.stop();
      await backend.drop(fixture.store);
    });
    afterAll(() => backend.close());

    const quiet = async () => expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
    const deadEvent = (id: string, failedAt: number, state = 'dead') =>
      fixture.store.read().execute(
        `insert into ${fixture.store.table('dead_event')} (consumer, event_id, topic, event_key, type, state, body, headers, attempts, error_code, error,
             failed_at, position, published_at)
           values ('rollup', ?, 'templates', 'k', 'templates.used', ?, '{"n":1}', '{}', 3, 'BAD_USER_INPUT', 'no', ?, 1, 0)`,
        [id, state, failedAt],
      );
    const all = async (filter: Parameters<DeadLetters['list']>[0] = {}) => (await letters.list(filter, { first: 100 })).letters;

    it('lists them newest first, filtered, in pages across records and events, each with its cause and payload', async () => {
      for (const id of ['bad1', 'bad2', 'bad3', 'good']) await fixture.write(id, `text of ${id}`);
      await fixture.write('bad4', 'cannot be derived');
      await quiet();
      await deadEvent('e1', 1);
      await deadEvent('e2', Date.now() + 60_000);
      await deadEvent('parked', 5, 'parked');
      const everything = await all();
      expect(everything).toHaveLength(6);
      expect(everything[0]).toMatchObject({ kind: 'event', recordId: 'e2', source: 'rollup', type: 'templates.used', attempts: 3 });
      expect(everything.at(-1)).toMatchObject({ recordId: 'e1' });
      const paged: string[] = [];
      for (let after: string | undefined; ;) {
        const page = await letters.list({}, { first: 2, ...(after !== undefined && { after }) });
        paged.push(...page.letters.map(({ id }) => id));
        after = page.letters.at(-1)?.cursor;
        if (!page.hasNextPage) break;
      }
      expect(paged).toEqual(everything.map(({ id }) => id));
      expect(await all({ kind: 'record', code: 'BAD_USER_INPUT' })).toHaveLength(3);
      expect(await all({ source: 'notes', type: 'Note' })).toHaveLength(4);
      expect(await all({ source: 'nobody' })).toEqual([]);
      const bad1 = everything.find(({ recordId }) => recordId === 'bad1')!;
      expect(await letters.get(bad1.id)).toMatchObject({
        code: 'BAD_USER_INPUT',
        error: 'cannot be indexed',
        attempts: 2,
        payload: '{"text":"text of bad1"}',
      });
      expect(await letters.get(everything[0]!.id)).toMatchObject({ payload: '{"n":1}' });
    });

    it('tries one again, and many by filter; each decision is logged', async () => {
      for (const id of ['bad1', 'bad2', 'bad3']) await fixture.write(id, 'x');
      await quiet();
      target.failWith = () => undefined;
      const [one] = await all();
      expect(await letters.retry({ ids: [one!.id] }, { actor: 'ann' })).toBe(1);
      await quiet();
      expect(target.documents.size).toBe(1);
      expect(await letters.get(one!.id)).toBeUndefined();
      expect(await letters.retry({ ids: [one!.id] }, { actor: 'ann' })).toBe(0);
      expect(await letters.retry({ filter: { source: 'notes' } }, { actor: 'bob' })).toBe(2);
      await quiet();
      expect(target.documents.size).toBe(3);
      const { entries, hasNextPage } = await letters.log({ first: 2 });
      expect(entries).toMatchObject([
        { actor: 'bob', action: 'retry', source: 'notes', type: 'Note', code: 'BAD_USER_INPUT' },
        { actor: 'bob', action: 'retry' },
      ]);
      expect(hasNextPage).toBe(true);
      expect((await letters.log({ first: 2, after: entries[1]!.cursor })).entries).toMatchObject([
        { actor: 'ann', recordId: one!.recordId },
      ]);
    });

    it('starts a retried one over with all its attempts', async () => {
      await fixture.write('bad', 'x');
      await quiet();
      let tries = 0;
      target.failWith = () => {
        tries++;
        throw new LoomError('BAD_USER_INPUT', 'still not');
      };
      await letters.retry({ filter: {} }, { actor: 'ann' });
      await waitFor(all, (found) => found[0]?.error === 'still not');
      expect(tries).toBe(2);
    });

    it('gives one up until it changes', async () => {
      await fixture.write('bad', 'x');
      await deadEvent('e1', 1);
      await quiet();
      await expect(letters.discard({ filter: {} }, { actor: 'ann', reason: ' ' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      expect(await letters.discard({ filter: {} }, { actor: 'ann', reason: 'a test record' })).toBe(2);
      expect(await all()).toEqual([]);
      expect(await fixture.store.read().execute(`select * from ${fixture.store.table('dead_event')}`)).toEqual([]);
      expect(await relay.status()).toMatchObject([{ deadLetters: 0, discarded: 1, lagRecords: 0 }]);
      expect((await letters.log({ first: 5 })).entries).toMatchObject([
        { action: 'discard', reason: 'a test record', source: 'notes' },
        { action: 'discard', source: 'rollup', recordId: 'e1' },
      ]);
      target.failWith = () => undefined;
      await fixture.write('bad', 'mended');
      await quiet();
      expect(target.documents.get('bad')).toMatchObject({ content: { text: 'mended' } });
      expect(await fixture.deliveries()).toEqual([]);
    });

    it('refuses what is no id, no cursor and no actor', async () => {
      for (const id of ['', 'nonsense', Buffer.from('["record","a"]').toString('base64url')]) {
        await expect(letters.get(id)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      }
      await expect(letters.list({}, { first: 1, after: 'x' })).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
      await expect(letters.log({ first: 1, after: 'x' })).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
      await expect(letters.retry({ filter: {} }, { actor: '' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    });

    it('keeps what would have been stored up to a bound, marked where it is cut', async () => {
      const { capped } = await import('../src/relay/projection-work.js');
      const long = capped('字'.repeat(30_000));
      expect(Buffer.byteLength(long)).toBeLessThanOrEqual(65_535);
      expect(long.endsWith('…[cut]')).toBe(true);
      expect(capped('short')).toBe('short');
    });

    it('forgets what is older than its retention, slice by slice, and nothing else', async () => {
      const { store } = fixture;
      await relay.stop(); // it has a housekeeper of its own
      const inbox = (from: number, count: number, appliedAt: number) =>
        store.transaction(async (em) => {
          for (let index = from; index < from + count; index += 500)
            await em.execute(
              `insert into ${store.table('inbox')} (consumer, event_id, applied_at) values ${Array.from({ length: Math.min(500, from + count - index) }, (_, i) => `('c', 'e${index + i}', ${appliedAt})`).join(', ')}`,
              [],
              'run',
            );
        });
      const old = Date.now() - defaultRetention.inboxMs - 60_000;
      await inbox(0, 2_500, old);
      await inbox(2_500, 7, Date.now());
      await deadEvent('dead', 1);
      let slices = 0;
      const gone = await cleanUp(store, defaultRetention, () => void slices++);
      expect(gone).toMatchObject({ inbox: 2_500, dead_letter_log: 0, job: 0 });
      expect(slices).toBe(3 + 2);
      expect(await store.read().execute(`select count(*) as n from ${store.table('inbox')}`)).toMatchObject([{ n: 7 }]);
      expect((await all()).map(({ recordId }) => recordId)).toEqual(['dead']);
      expect(await cleanUp(store, defaultRetention, noFaults)).toMatchObject({ inbox: 0 });
    });
  });
}
