import { setTimeout as sleep } from 'node:timers/promises';
import { LoomError } from '@loomgraph/core';
import { createMemoryBus, type MemoryBus } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { createMetrics } from '@loomgraph/telemetry';
import { relationalBackends, waitFor } from '@loomgraph/testing';
import {
  defineConsumer,
  deadLetters,
  listDeadEvents,
  OutboxRow,
  readConsumers,
  type ConsumerHost,
  type ConsumerStatus,
  type EventMiddleware,
} from '../src/index.js';
import { addition, consumerMigrations, countingConsumer, host, readSums, TOPIC, type Added } from './consumer-fixture.js';

for (const backend of relationalBackends(import.meta.filename)) {
  describe(`ConsumerHost on ${backend.name}`, () => {
    let store: RelationalStore;
    let bus: MemoryBus;
    const hosts: ConsumerHost[] = [];
    const started = async (...parameters: Parameters<typeof host>): Promise<ConsumerHost> => {
      const one = host(...parameters);
      hosts.push(one);
      await one.start();
      return one;
    };
    const one = (number: number, counterId = 'a'): Added => ({ counterId, amount: 1, number });
    const status = async (): Promise<ConsumerStatus> => {
      const [found] = await readConsumers(store);
      if (!found) throw new Error('no consumer is registered');
      return found;
    };
    const untilStatus = (holds: (seen: ConsumerStatus) => boolean, withinMs = 25_000) => waitFor(status, holds, withinMs);
    const untilEffects = (count: number, withinMs = 25_000) =>
      waitFor(
        () => readSums(store),
        ({ effects }) => effects >= count,
        withinMs,
      );

    beforeEach(async () => {
      store = await backend.open({ entities: [OutboxRow], migrations: consumerMigrations });
      await store.migrate();
      bus = createMemoryBus({ retry: { minDelayMs: 5, maxDelayMs: 20 } });
    });
    afterEach(async () => {
      await Promise.all(hosts.splice(0).map((each) => each.close()));
      await bus.close();
      await backend.drop(store);
    });
    afterAll(() => backend.close());

    it('applies each event once, in order per key, and counts what it skips', async () => {
      await started(store, bus, [countingConsumer(store)]);
      const sent = Array.from({ length: 60 }, (_, index) => addition(one(Math.floor(index / 3) + 1, `k${index % 3}`)));
      await bus.publish(TOPIC, sent);
      await bus.publish(TOPIC, [...sent.slice(0, 20), { ...addition(one(1)), headers: { type: 'counts.removed', version: '1' } }]);
      await untilStatus(({ applied, skipped, lag }) => applied === 60 && skipped === 1 && lag === 0);
      expect(await readSums(store)).toEqual({ effects: 60, doubled: 0, total: 60, disorder: 0 });
      const seen = await status();
      expect(seen).toMatchObject({ failed: 0, dead: 0, lost: 0, generation: 1 });
      expect(sent.map(({ messageId }) => messageId)).toContain(seen.lastEventId);
    });

    it('an event that keeps failing is dead after its attempts, and its key goes on', async () => {
      let attempts = 0;
      const before = ({ number }: Added): void => {
        if (number !== 1) return;
        attempts += 1;
        throw new Error('poison');
      };
      await started(store, bus, [countingConsumer(store, { before, policy: { maxAttempts: 3 } })]);
      await bus.publish(TOPIC, [addition(one(1)), addition(one(2))]);
      await untilStatus(({ dead, applied }) => dead === 1 && applied === 1);
      expect(attempts).toBe(3);
      const [event] = await listDeadEvents(store, { limit: 10 });
      expect(event).toMatchObject({ state: 'dead', attempts: 3, error: 'poison', errorCode: 'INTERNAL_SERVER_ERROR', key: 'a' });
      expect(JSON.parse(event?.body ?? '')).toMatchObject({ number: 1 });
      expect(await status()).toMatchObject({ failed: 3, failing: 0, lastError: 'poison' });
    });

    it('a dead event is applied again when asked for, or given up with a reason, and it is known who did', async () => {
      let isMended = false;
      const before = (): void => {
        if (!isMended) throw new Error('poison');
      };
      await started(store, bus, [countingConsumer(store, { before, policy: { maxAttempts: 1 } })]);
      await bus.publish(TOPIC, [addition(one(1)), addition(one(2)), addition(one(3))]);
      await untilStatus(({ dead }) => dead === 3);
      isMended = true;
      const letters = deadLetters(store);
      const filter = { kind: 'event', source: 'counting' } as const;
      const [first, second] = (await letters.list(filter, { first: 2 })).letters.map(({ id }) => id);
      const ids = (...some: (string | undefined)[]): string[] => some.map((id) => id ?? '');
      const by = { actor: 'someone' };
      expect(await letters.discard({ ids: ids(first) }, { ...by, reason: 'a test account' })).toBe(1);
      expect(await letters.retry({ ids: ids(first, second) }, by)).toBe(1);
      await untilEffects(1);
      expect(await letters.retry({ filter }, by)).toBe(1);
      await untilEffects(2);
      await untilStatus(({ dead, retrying }) => dead === 0 && retrying === 0);
      expect(await store.read().execute(`select action, actor, source, reason from ${store.table('dead_letter_log')} order by id`)).toEqual(
        [
          { action: 'discard', actor: 'someone', source: 'counting', reason: 'a test account' },
          { action: 'retry', actor: 'someone', source: 'counting', reason: null },
          { action: 'retry', actor: 'someone', source: 'counting', reason: null },
        ],
      );
    });

    it('a malformed event is dead at once, whatever it holds', async () => {
      await started(store, bus, [countingConsumer(store)]);
      const bad = [
        { ...addition(one(1)), body: '{' },
        { ...addition(one(2)), body: '{"counterId":"a\0","amount":"many"}', messageId: 'x'.repeat(300), key: '\0'.repeat(300) },
        { ...addition(one(3)), headers: { type: 'counts.added', version: 'one' } },
      ];
      await bus.publish(TOPIC, [...bad, addition(one(4))]);
      await untilStatus(({ dead, applied }) => dead === 3 && applied === 1);
      for (const event of await listDeadEvents(store, { limit: 10 }))
        expect(event).toMatchObject({ attempts: 1, errorCode: 'invalid-payload' });
    });

    it('a newer version is parked with what follows of its key, and taken up in order by a process that knows it', async () => {
      const old = await started(store, bus, [countingConsumer(store)]);
      await bus.publish(TOPIC, [addition(one(1)), addition(one(2), { version: 2 }), addition(one(3)), addition(one(1, 'b'))]);
      await untilStatus(({ parked, applied }) => parked === 2 && applied === 2);
      const parked = await listDeadEvents(store, { state: 'parked', limit: 10 });
      expect(parked.map(({ errorCode }) => errorCode).toSorted()).toEqual(['behind-parked', 'newer-version']);
      await old.close();
      await started(store, bus, [countingConsumer(store, { version: 2 })]);
      await bus.publish(TOPIC, [addition(one(4), { version: 2 })]);
      await untilEffects(5);
      await untilStatus((seen) => seen.parked === 0);
      expect(await readSums(store)).toEqual({ effects: 5, doubled: 0, total: 5, disorder: 0 });
    });

    it('an event that waits long for its next attempt does not hold the bus, and its key keeps its order', async () => {
      let isBroken = true;
      const before = ({ number, counterId }: Added): void => {
        if (isBroken && number === 1 && counterId === 'a') throw new Error('not yet');
      };
      await started(store, bus, [countingConsumer(store, { before, policy: { backoff: () => 2_100, maxAttempts: 1_000 } })]);
      // More than are taken up in one page.
      const behind = Array.from({ length: 210 }, (_, index) => addition(one(index + 2)));
      await bus.publish(TOPIC, [addition(one(1)), ...behind, addition(one(1, 'b'))]);
      await untilStatus(({ parked, applied, lag }) => parked === 211 && applied === 1 && lag === 0, 60_000);
      isBroken = false;
      await untilEffects(212, 60_000);
      await untilStatus(({ parked }) => parked === 0);
      expect(await readSums(store)).toEqual({ effects: 212, doubled: 0, total: 212, disorder: 0 });
    }, 120_000);

    it('trouble of a store is charged to nobody', async () => {
      let away = 4;
      const before = (): void => {
        if (away-- > 0) throw new LoomError('STORE_UNAVAILABLE', 'away');
      };
      await started(store, bus, [countingConsumer(store, { before, policy: { maxAttempts: 1 } })]);
      await bus.publish(TOPIC, [addition(one(1)), addition(one(2))]);
      await untilStatus(({ applied }) => applied === 2);
      expect(await status()).toMatchObject({ failed: 0, dead: 0, failing: 0 });
    }, 60_000);

    it('a handler that takes too long fails, and what it writes later takes no effect', async () => {
      const late = Promise.withResolvers<unknown>();
      const before = async (
        { number }: Added,
        { attempt, em, signal }: Parameters<NonNullable<Parameters<typeof countingConsumer>[1]>['before'] & object>[1],
      ) => {
        if (number !== 1 || attempt > 1) return;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        await sleep(50);
        late.resolve(
          await em.execute(`delete from ${store.table('counter')}`, [], 'run').then(
            () => 'written',
            () => 'refused',
          ),
        );
      };
      await started(store, bus, [countingConsumer(store, { before, policy: { timeLimitMs: 100 } })]);
      await bus.publish(TOPIC, [addition(one(1)), addition(one(2)), addition(one(3, 'b'))]);
      await untilStatus(({ applied, failed }) => applied === 3 && failed === 1);
      expect(await late.promise).toBe('refused');
      expect(await readSums(store)).toEqual({ effects: 3, doubled: 0, total: 3, disorder: 0 });
      expect((await status()).lastError).toBe('counting has not handled an event within 100 ms.');
    });

    it('runs middleware outermost first, around inbox and handler', async () => {
      const seen: string[] = [];
      const note =
        (name: string): EventMiddleware =>
        async ({ event }, next) => {
          seen.push(`${name} in`);
          const outcome = await next();
          seen.push(`${name} out: ${outcome}, ${event.type}`);
          return outcome;
        };
      const metrics = createMetrics();
      const before = (): void => void seen.push('handler');
      await started(store, bus, [countingConsumer(store, { before, middleware: [note('first'), note('second')] })], { metrics });
      const event = addition(one(1));
      await bus.publish(TOPIC, [event]);
      await untilEffects(1);
      await bus.publish(TOPIC, [event]);
      await waitFor(
        () => seen.length,
        (length) => length === 9,
      );
      expect(seen).toEqual([
        'first in',
        'second in',
        'handler',
        'second out: applied, counts.added',
        'first out: applied, counts.added',
        'first in',
        'second in',
        'second out: duplicate, counts.added',
        'first out: duplicate, counts.added',
      ]);
      const { body } = await metrics.render();
      for (const outcome of ['applied', 'duplicate']) {
        expect(body).toContain(`loom_sync_consumer_events_total{subgraph="counts",consumer="counting",outcome="${outcome}"} 1`);
        expect(body).toContain(`loom_sync_consumer_seconds_count{subgraph="counts",consumer="counting",outcome="${outcome}"} 1`);
      }
    });

    it('starts over from a point in time: what is older stays, what is newer is applied once more, and nothing twice', async () => {
      const wrong = new Set([7, 8]);
      const before = ({ number }: Added): void => {
        if (wrong.has(number)) throw new Error('a bug');
      };
      const running = await started(store, bus, [countingConsumer(store, { before, policy: { maxAttempts: 1 } })], { clockSkewMs: 0 });
      const sent = (from: number, to: number) =>
        Array.from({ length: to - from + 1 }, (_, index) => addition(one(from + index, `k${index % 2}`), { at: Date.now() }));
      await bus.publish(TOPIC, sent(1, 6));
      await untilEffects(6);
      await sleep(20);
      const since = Date.now();
      await bus.publish(TOPIC, sent(7, 20));
      await untilStatus(({ applied, dead }) => applied === 18 && dead === 2);
      wrong.clear();
      // Live events go on meanwhile.
      const live = bus.publish(TOPIC, sent(21, 40));
      const progress: number[] = [];
      const result = await running.replay('counting', since, { onProgress: (done) => void progress.push(done) });
      await live;
      expect(result).toMatchObject({ consumer: 'counting', since });
      await untilEffects(40);
      await untilStatus(({ lag, dead }) => lag === 0 && dead === 0);
      expect(await readSums(store)).toEqual({ effects: 40, doubled: 0, total: 40, disorder: 0 });
      expect((await status()).generation).toBe(2);
      expect(progress.at(-1)).toBe(result.events);
      expect(await bus.hasPassed(TOPIC, 'counting', Date.now())).toBe(false);
    });

    it('a replay that is asked for again by the same goes on; points and consumers that cannot be are refused', async () => {
      const plain = defineConsumer({ name: 'plain', topic: 'templates-events', events: {} });
      const running = await started(store, bus, [countingConsumer(store), plain], { clockSkewMs: 0 });
      await bus.publish(TOPIC, [addition(one(1))]);
      await untilEffects(1);
      const before = Date.now();
      await sleep(5);
      await expect(running.replay('counting', before - 3_600_000)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      await expect(running.replay('counting', Date.now() + 60_000)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      await expect(running.replay('plain', 0)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      await expect(running.replay('nobody', 0)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await running.replay('counting', before, { jobId: 'job-1' });
      expect(await running.replay('counting', before, { jobId: 'job-1' })).toMatchObject({ since: before });
      expect((await readConsumers(store)).find(({ name }) => name === 'counting')?.generation).toBe(2);
      await running.replay('counting', before, { jobId: 'job-2' });
      expect((await readConsumers(store)).find(({ name }) => name === 'counting')?.generation).toBe(3);
      expect(await readSums(store)).toEqual({ effects: 1, doubled: 0, total: 1, disorder: 0 });
    });
  });
}
