import { createMemoryTarget, relationalBackends, waitFor } from '@loomgraph/testing';
import type { Faults, Relay, Trigger } from '../src/index.js';
import { byTopic, Note, noteProjection, openFixture, Topic, type Fixture } from './fixture.js';

const QUIET_MS = 15_000;

for (const backend of relationalBackends(import.meta.filename)) {
  describe(`triggers on ${backend.name}`, () => {
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
    const fill = (count: number, topicId: string) =>
      fixture.unitOfWork.run(async ({ em }) => {
        for (let index = 0; index < count; index++) em.create(Note, { id: `n${String(index).padStart(4, '0')}`, text: 'x', topicId });
      });

    it('derives dependents again at their own revision, and nothing else', async () => {
      await fixture.name('t1', 'first');
      await fixture.name('t2', 'second');
      const target = createMemoryTarget();
      const relay = await started([noteProjection(target, { triggers: [byTopic] })]);
      await fixture.write('a', 'x', 't1');
      await fixture.write('b', 'x', 't2');
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      const before = target.applied.length;
      await fixture.name('t1', 'renamed');
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.documents.get('a')).toMatchObject({ revision: 1, content: { topic: 'renamed' } });
      expect(target.applied.slice(before).map(({ id }) => id)).toEqual(['a']);
    });

    it('pages through many dependents', async () => {
      await fixture.name('t1', 'first');
      const pages: (string | undefined)[] = [];
      const counted: Trigger = { ...byTopic, ids: (ids, em, page) => (pages.push(page.after), byTopic.ids(ids, em, page)) };
      const target = createMemoryTarget();
      const relay = await started([noteProjection(target, { triggers: [counted], policy: { batch: 500 } })]);
      await fill(2_300, 't1');
      expect(await relay.whenQuiet(30_000)).toBe(true);
      pages.length = 0;
      await fixture.name('t1', 'renamed');
      expect(await relay.whenQuiet(30_000)).toBe(true);
      expect([...target.documents.values()].every(({ content }) => (content as { topic: string }).topic === 'renamed')).toBe(true);
      expect(pages).toEqual([undefined, 'n0999', 'n1999']);
    }, 90_000);

    it('starts again when it is interrupted between two pages, and collapses a burst', async () => {
      await fixture.name('t1', 'first');
      const target = createMemoryTarget();
      let interrupts = 1;
      const faults: Faults = (point) => {
        if (point === 'fanout.page' && interrupts-- > 0) throw new Error('interrupted');
      };
      const relay = await started([noteProjection(target, { triggers: [byTopic], policy: { batch: 500 } })], { faults });
      await fill(1_500, 't1');
      for (let index = 1; index <= 20; index++) await fixture.name('t1', `name ${index}`);
      expect(await relay.whenQuiet(30_000)).toBe(true);
      expect([...target.documents.values()].every(({ content }) => (content as { topic: string }).topic === 'name 20')).toBe(true);
      expect(target.applied.length).toBeLessThan(20 * 1_500);
    }, 90_000);

    // What was noted of dependents was committed before they were due: a process that died in between left notes that nobody acted on.
    it('commits what is written alongside with the dependents being due, or neither', async () => {
      await fixture.name('t1', 'first');
      const target = createMemoryTarget();
      let tries = 0;
      const noting: Trigger = {
        ...byTopic,
        async ids(...args) {
          const ids = (await byTopic.ids(...args)) as readonly string[]; // as it is written
          tries += 1;
          return {
            // No column takes the first one.
            ids: tries === 1 ? [...ids, 'x'.repeat(500)] : ids,
            // Its key is taken unless the first try was taken back.
            alongside: (em) => em.insert(Topic, { id: 'noted', name: String(tries), revision: 1 }).then(() => undefined),
          };
        },
      };
      await fixture.write('a', 'x', 't1');
      const relay = await started([noteProjection(target, { triggers: [noting] })]);
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(await fixture.store.read().find(Topic, { id: 'noted' })).toMatchObject([{ name: '2' }]);
      expect(target.documents.get('a')).toMatchObject({ content: { topic: 'first' } });
    });

    it('counts a pending search as owed, with the range of its change', async () => {
      await fixture.name('t1', 'first');
      const target = createMemoryTarget();
      const held = Promise.withResolvers<void>();
      const waiting: Trigger = { ...byTopic, ids: async (...args) => (await held.promise, byTopic.ids(...args)) };
      const relay = await started([noteProjection(target, { triggers: [waiting] })]);
      const rows = await waitFor(fixture.deliveries, (found) => found.some(({ lease_owner: owner }) => owner !== null));
      expect(rows).toMatchObject([{ projection: 'notes<-Topic', record_type: 'Topic', record_id: 't1', state: 'pending' }]);
      expect(Number(rows[0]?.first_outbox_id)).toBeGreaterThan(0);
      expect(Number(rows[0]?.last_outbox_id)).toBe(Number(rows[0]?.first_outbox_id));
      expect(await relay.status()).toMatchObject([{ name: 'notes', lagRecords: 1 }]);
      held.resolve();
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
    });

    describe('on what another projection writes', () => {
      /** Every note beside the changed one is derived again. */
      const others = (seen: string[][]): Trigger => ({
        on: 'first',
        ids: async (changed, em, { after, limit }) => {
          seen.push([...changed]);
          const id = { $nin: [...changed], ...(after !== undefined && { $gt: after }) };
          return (await em.find(Note, { id }, { fields: ['id'], orderBy: { id: 'asc' }, limit })).map((note) => note.id);
        },
      });

      it('follows changed contents and removals, not derivations that change nothing', async () => {
        const seen: string[][] = [];
        const [first, second] = [createMemoryTarget(), createMemoryTarget()];
        // As a target that compares contents does: what is there already is not announced.
        const { apply } = first;
        Object.assign(first, {
          announces: true,
          apply: async (batch: Parameters<typeof apply>[0], { announce }: NonNullable<Parameters<typeof apply>[1]> = {}) => {
            const changed = batch.filter(({ id, fingerprint }) => first.documents.get(id)?.fingerprint !== fingerprint);
            if (changed.length > 0) await announce?.(changed.map(({ id }) => id));
            return apply(batch);
          },
        });
        const relay = await started([
          noteProjection(first, { name: 'first', triggers: [byTopic] }),
          noteProjection(second, { name: 'second', after: ['first'], triggers: [others(seen)] }),
        ]);
        await fixture.name('t1', 'topic');
        for (const id of ['a', 'b', 'c']) await fixture.write(id, 'x', 't1');
        expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
        seen.length = 0;
        const before = second.applied.length;
        await fixture.write('a', 'y');
        expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
        expect(seen).toEqual([['a']]);
        expect(
          second.applied
            .slice(before)
            .map(({ id }) => id)
            .sort(),
        ).toEqual(['a', 'b', 'c']);
        // The topic is touched but its name stays: all are derived again, none is different, nobody follows.
        await fixture.name('t1', 'other');
        await fixture.name('t1', 'topic');
        expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
        seen.length = 0;
        await fixture.store.transaction((em) => em.nativeUpdate(Note, { id: 'b' }, { text: 'x' }));
        await fixture.remove('c');
        expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
        expect(seen).toEqual([['c']]);
      });

      it('is not forgotten when the process dies between writing and settling', async () => {
        const seen: string[][] = [];
        const [first, second] = [createMemoryTarget(), createMemoryTarget()];
        let dies = true;
        const faults: Faults = (point) => {
          if (point === 'complete.before' && dies && first.documents.has('a')) {
            dies = false;
            throw new Error('died');
          }
        };
        const relay = await started(
          [
            noteProjection(first, { name: 'first' }),
            noteProjection(second, { name: 'second', after: ['first'], triggers: [others(seen)] }),
          ],
          { faults },
        );
        await fixture.write('a', 'x');
        expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
        expect(dies).toBe(false);
        expect(seen.flat()).toContain('a');
      });
    });

    it('refuses a trigger on what is neither a record type nor a projection', async () => {
      const relay = fixture.relay([noteProjection(createMemoryTarget(), { triggers: [{ ...byTopic, on: 'Tpoic' }] })]);
      await expect(relay.start()).rejects.toThrow('Tpoic');
    });
  });
}
