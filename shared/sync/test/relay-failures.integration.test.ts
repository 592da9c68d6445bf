import { LoomError, StoreError } from '@loomgraph/core';
import { createMemoryTarget, relationalBackends, waitFor, type MemoryTarget } from '@loomgraph/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { TargetLimits, type Relay } from '../src/index.js';
import { noteProjection, openFixture, type Fixture } from './fixture.js';

const QUIET_MS = 15_000;

for (const backend of relationalBackends(import.meta.filename)) {
  describe(`failures of targets and records on ${backend.name}`, () => {
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

    const started = async (...args: Parameters<Fixture['relay']>): Promise<Relay> => {
      const relay = fixture.relay(...args);
      relays.push(relay);
      await relay.start();
      return relay;
    };
    const writeMany = (count: number, text = 'x') =>
      fixture.unitOfWork.run(async ({ em }) => {
        const { Note } = await import('./fixture.js');
        for (let index = 0; index < count; index++) em.create(Note, { id: `n${String(index).padStart(3, '0')}`, text, topicId: null });
      });
    /** Writes hang when a batch holds one of these. */
    const hangFor = (target: MemoryTarget, ids: readonly string[]): void => {
      const apply = target.apply.bind(target);
      target.apply = (batch) => (batch.some(({ id }) => ids.includes(id)) ? new Promise(() => undefined) : apply(batch));
    };

    it('finds one bad record of a batch in some log n tries', async () => {
      const target = createMemoryTarget();
      let tries = 0;
      target.failWith = (ids) => {
        tries++;
        if (ids.includes('n040')) throw new LoomError('BAD_USER_INPUT', 'cannot be indexed');
      };
      const relay = await started([noteProjection(target, { policy: { maxAttempts: 1 } })]);
      await writeMany(64);
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.documents.size).toBe(63);
      expect(await fixture.deliveries()).toMatchObject([{ record_id: 'n040', state: 'dead', attempts: 1 }]);
      expect(tries).toBeLessThanOrEqual(1 + 2 * 6);
    });

    it('charges a record that cannot be derived without trying the others again', async () => {
      const target = createMemoryTarget();
      const relay = await started([noteProjection(target, { policy: { maxAttempts: 2 } })]);
      await fixture.write('bad', 'cannot be derived');
      await writeMany(5);
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(await fixture.deliveries()).toMatchObject([
        { record_id: 'bad', state: 'dead', attempts: 2, payload: '{"text":"cannot be derived"}' },
      ]);
      expect(target.applied).toHaveLength(5);
    });

    it('isolates a record that always takes too long, and delivers all others', async () => {
      const target = createMemoryTarget();
      hangFor(target, ['n005']);
      const relay = await started([noteProjection(target, { policy: { maxAttempts: 2, timeoutMs: 60, concurrency: 1 } })]);
      await writeMany(16);
      await waitFor(fixture.deliveries, (rows) => rows.length === 1 && rows[0]?.state === 'dead', QUIET_MS);
      expect(await fixture.deliveries()).toMatchObject([{ record_id: 'n005', state: 'dead', error_code: 'STORE_TIMEOUT' }]);
      expect(target.documents.size).toBe(15);
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
    });

    it('isolates two of them, each in another half', async () => {
      const target = createMemoryTarget();
      hangFor(target, ['n000', 'n003']);
      const limits = new TargetLimits({ opensAfter: 1_000 });
      const relay = await started([noteProjection(target, { policy: { maxAttempts: 1, timeoutMs: 60, concurrency: 1 } })], { limits });
      await writeMany(4);
      // The others arrive while the two are found out one after the other; with nobody left to compare it with, the last waits for company.
      await waitFor(
        () => target.documents.size,
        (size) => size === 2,
        30_000,
      );
      for (let company = 0; (await relay.status())[0]!.deadLetters < 2; company++) {
        await fixture.write(`company ${company}`, 'x');
        await sleep(100);
      }
      expect((await fixture.deliveries()).filter(({ state }) => state === 'dead').map(({ record_id }) => record_id)).toEqual([
        'n000',
        'n003',
      ]);
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
    }, 90_000);

    it('charges nobody while a target hangs, and says so in the projection’s row until it is back', async () => {
      await writeMany(8);
      const target = createMemoryTarget();
      const { apply } = target;
      target.apply = () => new Promise(() => undefined);
      const relay = await started([noteProjection(target, { policy: { maxAttempts: 1, timeoutMs: 400 } })]);
      await waitFor(
        async () => (await relay.status())[0]?.failing,
        (failing) => failing !== undefined,
      );
      await sleep(2_000);
      const [status] = await relay.status();
      expect(status).toMatchObject({ deadLetters: 0, failing: { error: expect.stringContaining('STORE_TIMEOUT') as string } });
      expect(relay.breakers()[0]).toMatchObject({ projection: 'notes', nextTryAt: expect.any(Number) as number });
      target.apply = apply;
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.documents.size).toBe(8);
      await waitFor(
        async () => (await relay.status())[0]?.failing,
        (failing) => failing === undefined,
      );
    });

    it('shares the breaker of a store between its projections: three failures, then one try at a time', async () => {
      const [first, second, other] = [createMemoryTarget(), createMemoryTarget(), createMemoryTarget()];
      let tries = 0;
      let isAway = true;
      for (const target of [first, second]) {
        target.failWith = () => {
          tries++;
          if (isAway) throw new StoreError('unavailable', 'shared', 'away');
        };
      }
      const shared = (target: MemoryTarget): MemoryTarget => Object.assign(target, { store: 'shared' });
      const limits = new TargetLimits();
      await writeMany(4);
      const relay = await started(
        [
          noteProjection(shared(first), { name: 'first' }),
          noteProjection(shared(second), { name: 'second' }),
          noteProjection(other, { name: 'other' }),
        ],
        { limits },
      );
      await waitFor(
        () => limits.breakers()[0]?.status.state,
        (state) => state === 'open',
      );
      await waitFor(
        () => other.documents.size,
        (size) => size === 4,
      );
      await sleep(600);
      // Before it opened one batch of each may have been under way; since then, one per wait of at least 250 ms.
      expect(tries).toBeLessThanOrEqual(8);
      isAway = false;
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect([first.documents.size, second.documents.size]).toEqual([4, 4]);
      expect(limits.breakers()).toMatchObject([{ store: 'shared', status: { state: 'closed' } }]);
    });

    it('waits as long as a throttling provider says, and no longer', async () => {
      await writeMany(1);
      const target = createMemoryTarget();
      const tries: number[] = [];
      target.failWith = () => {
        tries.push(performance.now());
        if (tries.length === 1) throw new LoomError('AI_PROVIDER_UNAVAILABLE', 'slow down', { details: { retryAfterMs: 900 } });
      };
      const relay = await started([noteProjection(target)]);
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(tries).toHaveLength(2);
      expect(tries[1]! - tries[0]!).toBeGreaterThanOrEqual(890);
      expect(tries[1]! - tries[0]!).toBeLessThan(3_000);
    });

    it('writes a forced delivery over a document that is ahead, and over a tombstone of a record that lives', async () => {
      await fixture.write('a', 'one');
      await fixture.write('b', 'two');
      const target = createMemoryTarget();
      const relay = await started([noteProjection(target)]);
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      target.plant('a', { revision: 99, content: { text: 'from a restored backup' } });
      target.plant('b', { deleted: true, content: undefined });
      target.plant('gone', { revision: 7, content: { text: 'written after the claim heard of its record' } });
      const { enqueueDeliveries } = await import('../src/relay/deliveries.js');
      const due = (recordId: string, revision: number, forced: boolean) => ({
        projection: 'notes',
        recordType: 'Note',
        recordId,
        revision,
        deleted: false,
        firstOutboxId: 1,
        lastOutboxId: 0,
        changedAt: Date.now(),
        forced,
      });
      const make = (forced: boolean) =>
        fixture.store.transaction((em) =>
          enqueueDeliveries(fixture.store, em, [due('a', 1, forced), due('b', 1, forced), due('gone', 5, forced)]),
        );
      await make(false);
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.documents.get('a')).toMatchObject({ revision: 99 });
      expect(target.documents.get('b')).toMatchObject({ deleted: true });
      await make(true);
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.documents.get('a')).toMatchObject({ revision: 1, content: { text: 'one' } });
      expect(target.documents.get('b')).toMatchObject({ revision: 1, deleted: false, content: { text: 'two' } });
      expect(target.documents.get('gone')).toMatchObject({ deleted: true, revision: 7 });
    });
  });
}
