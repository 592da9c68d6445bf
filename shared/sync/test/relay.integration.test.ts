import { LoomError, StoreError } from '@loomgraph/core';
import { createEvent, eventCatalogue } from '@loomgraph/events';
import { createMemoryTarget, relationalBackends, waitFor } from '@loomgraph/testing';
import { applyOnce, type Relay } from '../src/index.js';
import { registerProjections } from '../src/projection/register.js';
import { claim } from '../src/relay/claim.js';
import { dispatch } from '../src/relay/dispatch.js';
import { noteProjection, Note, openFixture, type Fixture } from './fixture.js';

const QUIET_MS = 15_000;

for (const backend of relationalBackends()) {
  describe(`Y1 sync engine on ${backend.name}`, () => {
    let fixture: Fixture;
    let relays: Relay[];

    beforeEach(async () => {
      fixture = await openFixture(backend);
      relays = [];
    });
    afterEach(async () => {
      await Promise.all(relays.map((relay) => relay.stop()));
      await backend.drop(fixture.store);
    });
    afterAll(() => backend.close());

    const started = async (...projections: Parameters<Fixture['relay']>[0][number][]): Promise<Relay> => {
      const relay = fixture.relay(projections);
      relays.push(relay);
      await relay.start();
      return relay;
    };
    const deliveries = () => fixture.deliveries();

    it('brings a change, a later change and a deletion to the target', async () => {
      const target = createMemoryTarget();
      const relay = await started(noteProjection(target));
      await fixture.write('a', 'one');
      await fixture.write('b', 'two');
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.documents.get('a')).toMatchObject({ revision: 1, content: { text: 'one' }, deleted: false });
      await fixture.write('a', 'uno');
      await fixture.remove('b');
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.documents.get('a')).toMatchObject({ revision: 2, content: { text: 'uno' } });
      expect(target.documents.get('b')).toMatchObject({ revision: 2, deleted: true });
      expect(await deliveries()).toEqual([]);
    });

    it('writes no outbox row for a transaction that fails', async () => {
      await expect(
        fixture.unitOfWork.run(async ({ em }) => {
          em.create(Note, { id: 'a', text: 'x' });
          await em.flush();
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect(await fixture.store.read().execute(`select * from ${fixture.store.table('outbox')}`)).toEqual([]);
    });

    it('collapses a burst on one record and still ends with the last state', async () => {
      for (let i = 1; i <= 30; i++) await fixture.write('a', `text ${i}`);
      const target = createMemoryTarget();
      const relay = await started(noteProjection(target));
      await relay.whenQuiet(QUIET_MS);
      expect(target.documents.get('a')).toMatchObject({ revision: 30, content: { text: 'text 30' } });
      expect(target.applied.length).toBeLessThan(30);
    });

    it('Y1 two relays under concurrent writers lose nothing and never go back in revision', async () => {
      const target = createMemoryTarget();
      const relay = await started(noteProjection(target, { policy: { batch: 7 } }));
      await started(noteProjection(target, { policy: { batch: 5 } }));
      const ids = Array.from({ length: 12 }, (_, i) => `n${i}`);
      await Promise.all(
        ids.map(async (id) => {
          for (let i = 1; i <= 8; i++) await fixture.write(id, `${id} ${i}`);
        }),
      );
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      for (const id of ids) expect(target.documents.get(id)).toMatchObject({ revision: 8, content: { text: `${id} 8` } });
      for (const id of ids) {
        const revisions = target.applied.filter((one) => one.id === id).map((one) => one.revision);
        expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
      }
    });

    it('Y2 a target that is away charges nobody: everything arrives when it is back', async () => {
      const target = createMemoryTarget();
      target.failWith = () => {
        throw new StoreError('unavailable', 'target', 'away');
      };
      const relay = await started(noteProjection(target, { policy: { maxAttempts: 2 } }));
      await fixture.write('a', 'one');
      await waitFor(deliveries, (rows) => rows.length === 1);
      expect(await relay.whenQuiet(700)).toBe(false);
      expect(await deliveries()).toMatchObject([{ state: 'pending', attempts: 0 }]);
      target.failWith = () => undefined;
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.documents.get('a')).toMatchObject({ content: { text: 'one' } });
    });

    it('Y3 a poison record becomes a dead letter with its cause, alone; a change revives it', async () => {
      const target = createMemoryTarget();
      target.failWith = (ids) => {
        if (ids.includes('poison')) throw new LoomError('BAD_USER_INPUT', 'cannot be indexed');
      };
      const relay = await started(noteProjection(target, { policy: { maxAttempts: 3 } }));
      await fixture.write('poison', 'x');
      await fixture.write('good', 'y');
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.documents.get('good')).toMatchObject({ content: { text: 'y' } });
      expect(await deliveries()).toMatchObject([{ record_id: 'poison', state: 'dead', attempts: 3, error_code: 'BAD_USER_INPUT' }]);
      expect(await relay.status()).toMatchObject([{ name: 'notes', lagRecords: 0, deadLetters: 1 }]);
      target.failWith = () => undefined;
      await fixture.write('poison', 'mended');
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.documents.get('poison')).toMatchObject({ content: { text: 'mended' } });
      expect(await deliveries()).toEqual([]);
    });

    it('Y2 a dead target holds back nothing but its own projection, and what comes after it', async () => {
      const dead = createMemoryTarget();
      dead.failWith = () => {
        throw new StoreError('unavailable', 'target', 'away');
      };
      const alive = createMemoryTarget();
      const following = createMemoryTarget();
      await started(
        noteProjection(dead, { name: 'dead' }),
        noteProjection(alive, { name: 'alive' }),
        noteProjection(following, { name: 'following', after: ['dead'] }),
      );
      await fixture.write('a', 'one');
      await waitFor(
        () => alive.documents.size,
        (size) => size === 1,
      );
      expect(following.documents.size).toBe(0);
      dead.failWith = () => undefined;
      await waitFor(
        () => following.documents.size,
        (size) => size === 1,
      );
    });

    it('takes over the records of a relay that died with its lease', async () => {
      await fixture.write('a', 'one');
      const target = createMemoryTarget();
      const projection = noteProjection(target, { policy: { leaseMs: 400 } });
      await registerProjections(fixture.store, [projection]);
      await dispatch(fixture.store, [projection]);
      expect((await claim(fixture.store, projection, { owner: 'the dead one' }))?.claims).toHaveLength(1);
      expect(await claim(fixture.store, projection, { owner: 'another' })).toBeUndefined();
      const relay = await started(projection);
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.documents.get('a')).toMatchObject({ revision: 1 });
    });

    it('keeps a change that came while its record was being applied', async () => {
      const target = createMemoryTarget();
      let during: Promise<void> | undefined;
      target.failWith = () => {
        during ??= fixture.write('a', 'second');
      };
      const relay = await started(noteProjection(target));
      await fixture.write('a', 'first');
      await waitFor(
        () => target.documents.get('a')?.revision,
        (revision) => revision === 2,
      );
      await during;
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.documents.get('a')).toMatchObject({ content: { text: 'second' } });
    });

    it('Y5 fills a new projection and refills one whose version rose', async () => {
      for (const id of ['a', 'b', 'c']) await fixture.write(id, id);
      const first = await started(noteProjection(createMemoryTarget()));
      await first.whenQuiet(QUIET_MS);
      await first.stop();
      const rebuilt = createMemoryTarget();
      const second = await started(noteProjection(rebuilt, { version: 2 }), noteProjection(createMemoryTarget(), { name: 'new' }));
      expect(await second.whenQuiet(QUIET_MS)).toBe(true);
      expect([...rebuilt.documents.keys()].sort()).toEqual(['a', 'b', 'c']);
    });

    it('Y5 rewrites documents of an unchanged record when their derivation changed', async () => {
      await fixture.write('a', 'text');
      const target = createMemoryTarget();
      const first = await started(noteProjection(target));
      await first.whenQuiet(QUIET_MS);
      await first.stop();
      const before = target.documents.get('a');
      const second = await started(noteProjection(target, { version: 2 }));
      expect(await second.whenQuiet(QUIET_MS)).toBe(true);
      const after = target.documents.get('a');
      expect(after?.revision).toBe(before?.revision);
      expect(after?.fingerprint).not.toBe(before?.fingerprint);
    });

    it('stops at once while it backs off', async () => {
      const target = createMemoryTarget();
      const failed = Promise.withResolvers<void>();
      target.failWith = () => {
        failed.resolve();
        throw new LoomError('AI_PROVIDER_UNAVAILABLE', 'come back in a minute', { details: { retryAfterMs: 60_000 } });
      };
      const relay = await started(noteProjection(target));
      await fixture.write('a', 'one');
      await failed.promise;
      const startedAt = performance.now();
      await relay.stop();
      expect(performance.now() - startedAt).toBeLessThan(5_000);
    });

    it('Y6 publishes events in order after their commit, again after a failure, and never one that was rolled back', async () => {
      const used = (n: number) =>
        createEvent(eventCatalogue['templates.used'], {
          templateId: 't',
          userId: `u${n}`,
          usageCount: n,
          usedAt: new Date().toISOString(),
        });
      fixture.busDown = true;
      const relay = await started();
      for (let n = 1; n <= 3; n++) await fixture.unitOfWork.run((transaction) => Promise.resolve(transaction.append(used(n))));
      await expect(
        fixture.unitOfWork.run(async (transaction) => {
          transaction.append(used(4));
          await transaction.em.flush();
          throw new Error('rolled back');
        }),
      ).rejects.toThrow('rolled back');
      expect(await relay.whenQuiet(300)).toBe(false);
      fixture.busDown = false;
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(fixture.published.map((message) => (JSON.parse(message.body) as { userId: string }).userId)).toEqual(['u1', 'u2', 'u3']);
    });

    it('Y6 an event that does not fit its schema fails the use case', async () => {
      const bad = createEvent(eventCatalogue['templates.used'], { templateId: '', userId: '', usageCount: 0, usedAt: 'never' });
      await expect(fixture.unitOfWork.run((transaction) => Promise.resolve(transaction.append(bad)))).rejects.toMatchObject({
        kind: 'invalid-payload',
      });
    });

    it('Y6 the inbox applies an event once, and again when its transaction failed', async () => {
      const apply = (work: () => void) => applyOnce(fixture.store, 'consumer', 'event-1', () => Promise.resolve(work()));
      await expect(
        apply(() => {
          throw new Error('not now');
        }),
      ).rejects.toThrow('not now');
      let times = 0;
      const outcomes = await Promise.all([1, 2, 3].map(() => apply(() => void times++)));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(times).toBe(1);
    });
  });
}
