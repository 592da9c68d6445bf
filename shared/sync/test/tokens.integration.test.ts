import { encodeSyncToken, LoomError, StoreError, type SyncPosition } from '@loomgraph/core';
import { createMemoryTarget, relationalBackends, type MemoryTarget } from '@loomgraph/testing';
import { setTimeout } from 'node:timers/promises';
import { recordWrites, SyncTokens, touchWhere, type Relay } from '../src/index.js';
import { Note, noteProjection, noteRecord, openFixture, type Fixture } from './fixture.js';

const NOTES = { notes: ['notes'] };
const PATIENT = { timeoutMs: 10_000 };

for (const backend of relationalBackends(import.meta.filename)) {
  describe(`sync tokens on ${backend.name}`, () => {
    let fixture: Fixture;
    let relays: Relay[];
    let tokens: SyncTokens;

    beforeEach(async () => {
      fixture = await openFixture(backend);
      relays = [];
      tokens = new SyncTokens({ open: (subgraph) => (subgraph === 'notes' ? Promise.resolve(fixture.store) : undefined) });
    });
    afterEach(async () => {
      await Promise.all(relays.map((relay) => relay.stop()));
      await backend.drop(fixture.store);
    });
    afterAll(() => backend.close());

    const started = async (target: MemoryTarget, policy = {}): Promise<void> => {
      const relay = fixture.relay([noteProjection(target, { policy })]);
      relays.push(relay);
      await relay.start();
    };
    const positionOf = async (write: () => Promise<unknown>): Promise<SyncPosition[]> => {
      const written: SyncPosition[] = [];
      await recordWrites((position) => written.push(position), write);
      return written;
    };
    const tokenOf = async (write: () => Promise<unknown>): Promise<string> => {
      const [position] = await positionOf(write);
      return encodeSyncToken(new Map([['notes', position!]]));
    };

    it('a unit of work tells where its commit stands, and nothing of what it rolled back', async () => {
      const [[first, last] = [0, 0]] = await positionOf(() =>
        fixture.unitOfWork.run(({ em }) => {
          for (const id of ['a', 'b', 'c']) em.create(Note, { id, text: id });
          return Promise.resolve();
        }),
      );
      const rows = await fixture.store.read().execute<{ id: string }[]>(`select id from ${fixture.store.table('outbox')} order by id`);
      expect([first, last]).toEqual([Number(rows[0]?.id), Number(rows[2]?.id)]);
      expect(
        await positionOf(() =>
          fixture.unitOfWork
            .run(async ({ em }) => {
              em.create(Note, { id: 'd', text: 'd' });
              await em.flush();
              throw new Error('rolled back');
            })
            .catch(() => undefined),
        ),
      ).toEqual([]);
      expect(await positionOf(() => fixture.unitOfWork.run(({ em }) => em.findOne(Note, { id: 'a' })))).toEqual([]);
    });

    it('more changes than one statement takes are all part of the position', async () => {
      const { store, unitOfWork } = fixture;
      const [[first, last] = [0, 0]] = await positionOf(() =>
        unitOfWork.run(({ em }) => {
          for (let n = 0; n < 1_100; n++) em.create(Note, { id: `n${n}`, text: 'x' });
          return Promise.resolve();
        }),
      );
      const rows = await store.read().execute<{ id: string; record_id: string }[]>(`select id, record_id from ${store.table('outbox')}`);
      const ids = rows.map(({ id }) => Number(id));
      expect(new Set(rows.map(({ record_id: record }) => record)).size).toBe(1_100);
      expect([first, last]).toEqual([Math.min(...ids), Math.max(...ids)]);
    });

    it('what a transaction writes that is no unit of work is captured, once, and goes with it when it is rolled back', async () => {
      const { store } = fixture;
      const write = (id: string, fail: boolean): Promise<void> =>
        store.transaction(async (em) => {
          em.create(Note, { id, text: 'x' });
          await em.flush();
          if (fail) throw new Error('rolled back');
          em.create(Note, { id: `${id}2`, text: 'x' });
        });
      await expect(write('lost', true)).rejects.toThrow('rolled back');
      await write('kept', false);
      const rows = await store.read().execute<{ record_id: string }[]>(`select record_id from ${store.table('outbox')} order by id`);
      expect(rows.map(({ record_id: record }) => record)).toEqual(['kept', 'kept2']);
    });

    it('records that a condition touches are due, and part of the position', async () => {
      for (const id of ['a', 'b', 'c']) await fixture.write(id, id === 'c' ? 'other' : 'text');
      const { store } = fixture;
      await store.read().execute(`delete from ${store.table('outbox')}`, [], 'run');
      const [[first, last] = [0, 0]] = await positionOf(() =>
        fixture.unitOfWork.run(({ em }) => touchWhere({ store, em, record: noteRecord }, 'text = ?', ['text'])),
      );
      const rows = await store
        .read()
        .execute<{ id: string; record_id: string; revision: string }[]>(
          `select id, record_id, revision from ${store.table('outbox')} order by id`,
        );
      expect(rows.map((row) => `${row.record_id}:${row.revision}`).sort()).toEqual(['a:2', 'b:2']);
      expect(rows.map(({ id }) => Number(id))).toEqual([first, last]);
    });

    it('an attempt that lost a deadlock leaves no trace in the position', async () => {
      let attempts = 0;
      const [[first] = [0, 0]] = await positionOf(() =>
        fixture.unitOfWork.run(async ({ em }) => {
          em.create(Note, { id: `a${++attempts}`, text: 'x' });
          await em.flush();
          if (attempts === 1) throw new StoreError('conflict', 'test', 'deadlock');
        }),
      );
      const rows = await fixture.store
        .read()
        .execute<{ id: string; record_id: string }[]>(`select id, record_id from ${fixture.store.table('outbox')}`);
      expect(rows.map((row) => ({ ...row, id: Number(row.id) }))).toEqual([{ id: first, record_id: 'a2' }]);
    });

    it('who waits finds everything applied', async () => {
      const target = createMemoryTarget();
      await started(target);
      for (let n = 0; n < 20; n++) {
        const token = await tokenOf(() => fixture.write(`n${n}`, 'text'));
        expect(await tokens.waitFor(token, NOTES, PATIENT)).toBeUndefined();
        expect(target.documents.has(`n${n}`)).toBe(true);
      }
      expect(await tokens.waitFor(await tokenOf(() => fixture.remove('n3')), NOTES, PATIENT)).toBeUndefined();
      expect(target.documents.get('n3')).toMatchObject({ deleted: true });
    });

    it('who runs out of time is told how far behind, and by what', async () => {
      const token = await tokenOf(() => fixture.write('a', 'text'));
      const stale = await tokens.waitFor(token, { notes: ['notes', 'others'] }, { timeoutMs: 60 });
      expect(stale).toMatchObject({ reason: 'timeout', projections: ['notes/notes', 'notes/others'] });
      expect(stale?.lagSeconds).toBeGreaterThan(0.04);
      expect(stale?.lagSeconds).toBeLessThan(30);
      expect(await tokens.waitFor(token, NOTES, { timeoutMs: 0 })).toMatchObject({ reason: 'timeout' });
    });

    it('a dead letter is answered at once, and by name', async () => {
      const target = createMemoryTarget();
      target.failWith = (ids) => {
        if (ids.includes('poison')) throw new LoomError('BAD_USER_INPUT', 'cannot be indexed');
      };
      await started(target, { maxAttempts: 1 });
      const good = await tokenOf(() => fixture.write('good', 'text'));
      const bad = await tokenOf(() => fixture.write('poison', 'text'));
      const startedAt = performance.now();
      expect(await tokens.waitFor(bad, NOTES, { timeoutMs: 20_000 })).toMatchObject({
        reason: 'dead-letter',
        projections: ['notes/notes'],
      });
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      expect(await tokens.waitFor(good, NOTES, PATIENT)).toBeUndefined();
      target.failWith = () => undefined;
      const mended = await tokenOf(() => fixture.write('poison', 'mended'));
      expect(await tokens.waitFor(mended, NOTES, PATIENT)).toBeUndefined();
    });

    it('what others wrote before and still waits holds nobody up', async () => {
      const target = createMemoryTarget();
      target.failWith = (ids) => {
        if (ids.includes('slow')) throw new LoomError('BAD_USER_INPUT', 'not yet');
      };
      await started(target, { maxAttempts: 1_000, backoff: () => 60_000 });
      const slow = await tokenOf(() => fixture.write('slow', 'text'));
      const quick = await tokenOf(() => fixture.write('quick', 'text'));
      expect(await tokens.waitFor(quick, NOTES, PATIENT)).toBeUndefined();
      expect(await tokens.waitFor(slow, NOTES, { timeoutMs: 100 })).toMatchObject({ reason: 'timeout', projections: ['notes/notes'] });
    });

    it('a search for dependents that is under way counts as its projection', async () => {
      const token = await tokenOf(() => fixture.write('a', 'text'));
      const [position] = [await fixture.store.read().execute<{ id: string }[]>(`select id from ${fixture.store.table('outbox')}`)];
      await fixture.store.transaction(async (em) => {
        await em.execute(
          `insert into ${fixture.store.table('delivery')} (projection, record_type, record_id, revision, deleted, first_outbox_id, last_outbox_id,
             changed_at, touches, state, attempts, available_at, lease_until)
           select 'notes<-Note', record_type, record_id, revision, deleted, id, id, occurred_at, 1, 'pending', 0, 0, 0 from ${fixture.store.table('outbox')}`,
          [],
          'run',
        );
        await em.execute(`delete from ${fixture.store.table('outbox')}`, [], 'run');
      });
      expect(position).toHaveLength(1);
      expect(await tokens.waitFor(token, NOTES, { timeoutMs: 0 })).toMatchObject({ projections: ['notes/notes'] });
      expect(await tokens.waitFor(token, { notes: ['note'] }, { timeoutMs: 0 })).toBeUndefined();
    });

    it('two relays on one database, and readers that neither of them wakes', async () => {
      const target = createMemoryTarget();
      await started(target);
      await started(target);
      const elsewhere = new SyncTokens({ open: () => Promise.resolve(fixture.store) });
      const pairs = await Promise.all(
        Array.from({ length: 50 }, async (_, n) => {
          const token = await tokenOf(() => fixture.write(`n${n}`, 'text'));
          const stale = await elsewhere.waitFor(token, NOTES, PATIENT);
          return stale === undefined && target.documents.has(`n${n}`);
        }),
      );
      expect(pairs.filter((hit) => !hit)).toEqual([]);
    });

    it('a token of other subgraphs waits for nothing; one nobody can look for is unknown', async () => {
      const token = await tokenOf(() => fixture.write('a', 'text'));
      expect(await tokens.waitFor(token, { others: ['x'] }, PATIENT)).toBeUndefined();
      const blind = new SyncTokens({ open: () => undefined });
      expect(await blind.waitFor(token, NOTES, PATIENT)).toEqual({ reason: 'unknown', projections: ['notes/notes'] });
      const away = new SyncTokens({ open: () => Promise.reject(new StoreError('unavailable', 'test', 'away')) });
      expect(await away.waitFor(token, NOTES, PATIENT)).toMatchObject({ reason: 'unknown' });
      await expect(tokens.waitFor('forged', NOTES, PATIENT)).rejects.toMatchObject({ code: 'INVALID_SYNC_TOKEN' });
    });

    it('what this process applies wakes those who wait', async () => {
      const target = createMemoryTarget();
      let looks = 0;
      const slow = new SyncTokens({
        open: () => {
          // Each look is so slow that the next one is a long way off.
          const read = () => ({
            execute: async (...args: [string]) => (looks++, await setTimeout(300), fixture.store.read().execute(...args)),
          });
          return Promise.resolve({ ...fixture.store, read: read as never });
        },
      });
      const token = await tokenOf(() => fixture.write('a', 'text'));
      const waiting = slow.waitFor(token, NOTES, PATIENT);
      const relay = fixture.relay([noteProjection(target)], { onApplied: slow.wake });
      relays.push(relay);
      await setTimeout(400); // the first look has found nothing; by polling, the second is 1.5 s after it
      const startedAt = performance.now();
      await relay.start();
      expect(await waiting).toBeUndefined();
      expect(looks).toBe(2);
      expect(performance.now() - startedAt).toBeLessThan(1_400);
    });

    it('a wait ends with its request', async () => {
      const token = await tokenOf(() => fixture.write('a', 'text'));
      const abort = new AbortController();
      const waiting = tokens.waitFor(token, NOTES, { timeoutMs: 20_000, signal: abort.signal });
      void setTimeout(30).then(() => abort.abort(new Error('gone')));
      await expect(waiting).rejects.toThrow('gone');
    });
  });
}
