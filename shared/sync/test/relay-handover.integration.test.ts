import { createMemoryTarget, relationalBackends, waitFor } from '@loomgraph/testing';
import type { Faults, FaultPoint, Relay } from '../src/index.js';
import { registerProjections } from '../src/projection/register.js';
import { claim } from '../src/relay/claim.js';
import { dispatch } from '../src/relay/dispatch.js';
import { complete } from '../src/relay/settle.js';
import { Note, noteProjection, openFixture, type Fixture } from './fixture.js';

const QUIET_MS = 20_000;

for (const backend of relationalBackends(import.meta.filename)) {
  describe(`many relays on ${backend.name}`, () => {
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
    const writeMany = (count: number) =>
      fixture.unitOfWork.run(async ({ em }) => {
        for (let index = 0; index < count; index++) em.create(Note, { id: `n${index}`, text: 'x', topicId: null });
      });

    it('draws a higher fence with every claim, and the later claim settles what both have held', async () => {
      const projection = noteProjection(createMemoryTarget(), { policy: { leaseMs: 50 } });
      await registerProjections(fixture.store, [projection]);
      await fixture.write('a', 'one');
      await dispatch(fixture.store, [projection]);
      const first = (await claim(fixture.store, projection, { owner: 'slow' }))!;
      const second = await waitFor(
        () => claim(fixture.store, projection, { owner: 'slow' }),
        (batch) => batch !== undefined,
      );
      expect(second!.fence).toBeGreaterThan(first.fence);
      const work = { name: projection.name, source: projection.source };
      await complete({ store: fixture.store, work, token: first.token }, first.claims);
      expect(await fixture.deliveries()).toMatchObject([{ record_id: 'a', lease_owner: second!.token }]);
      await complete({ store: fixture.store, work, token: second!.token }, second!.claims);
      expect(await fixture.deliveries()).toEqual([]);
    });

    it('keeps only the changes since the claim in a record that was touched while it was applied', async () => {
      const projection = noteProjection(createMemoryTarget());
      await registerProjections(fixture.store, [projection]);
      await fixture.write('a', 'one');
      await fixture.write('a', 'two');
      await dispatch(fixture.store, [projection]);
      const [before] = await fixture.deliveries();
      expect(Number(before?.last_outbox_id)).toBe(Number(before?.first_outbox_id) + 1);
      const batch = (await claim(fixture.store, projection, { owner: 'me' }))!;
      expect(batch.claims).toMatchObject([
        { firstOutboxId: Number(before?.first_outbox_id), lastOutboxId: Number(before?.last_outbox_id) },
      ]);
      await fixture.write('a', 'three');
      await dispatch(fixture.store, [projection]);
      expect(Number((await fixture.deliveries())[0]?.first_outbox_id)).toBe(Number(before?.first_outbox_id));
      await complete({ store: fixture.store, work: projection, token: batch.token }, batch.claims);
      const last = Number(before?.last_outbox_id) + 1;
      const [after] = await fixture.deliveries();
      expect([Number(after?.first_outbox_id), Number(after?.last_outbox_id), after?.lease_owner]).toEqual([last, last, null]);
    });

    it('does not write late in its lease, nor take from another what it lost', async () => {
      const target = createMemoryTarget();
      let stalls = 1;
      // As a process that stood still after its claim: the lease runs out before it writes.
      const faults: Faults = async (point) => {
        if (point === 'project.loaded' && stalls-- > 0) await new Promise((resolve) => setTimeout(resolve, 500));
      };
      const projection = noteProjection(target, { policy: { leaseMs: 300, concurrency: 1 } });
      await started([projection], { faults });
      await fixture.write('a', 'one');
      await waitFor(
        () => stalls,
        (left) => left < 1,
      );
      const other = await started([projection]);
      expect(await other.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.applied).toHaveLength(1);
      expect(target.documents.get('a')?.fence).toBeGreaterThan(1);
    });

    it('gives leases back when it stops: another goes on at once, though a write hangs', async () => {
      const target = createMemoryTarget();
      const { apply } = target;
      const hanging = Promise.withResolvers<void>();
      target.apply = async () => {
        hanging.resolve();
        return new Promise(() => undefined);
      };
      await writeMany(30);
      const projection = noteProjection(target, { policy: { batch: 10, concurrency: 2 } });
      const first = await started([projection], { graceMs: 200 });
      await hanging.promise;
      const startedAt = performance.now();
      await first.stop();
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      expect((await fixture.deliveries()).filter(({ lease_owner: owner }) => owner !== null)).toEqual([]);
      target.apply = apply;
      const second = await started([projection]);
      expect(await second.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.documents.size).toBe(30);
    });

    it('lets what is being written end', async () => {
      const target = createMemoryTarget();
      const { apply } = target;
      const begun = Promise.withResolvers<void>();
      target.apply = async (batch) => {
        begun.resolve();
        await new Promise((resolve) => setTimeout(resolve, 200));
        return apply(batch);
      };
      const relay = await started([noteProjection(target)]);
      await fixture.write('a', 'one');
      await begun.promise;
      await relay.stop();
      expect(target.documents.size).toBe(1);
      expect(await fixture.deliveries()).toEqual([]);
    });

    it('works on several batches at once, as many as the policy says', async () => {
      const target = createMemoryTarget();
      const { apply } = target;
      let [running, most] = [0, 0];
      const three = Promise.withResolvers<void>();
      target.apply = async (batch) => {
        most = Math.max(most, ++running);
        if (running === 3) three.resolve();
        await three.promise;
        await new Promise((resolve) => setTimeout(resolve, 20));
        running--;
        return apply(batch);
      };
      await writeMany(60);
      const relay = await started([noteProjection(target, { policy: { batch: 5, concurrency: 3 } })]);
      expect(await relay.whenQuiet(QUIET_MS)).toBe(true);
      expect(target.documents.size).toBe(60);
      expect(most).toBe(3);
    });

    const points: readonly FaultPoint[] = [
      'dispatch.read',
      'dispatch.inserted',
      'dispatch.committed',
      'claim.claimed',
      'project.loaded',
      'project.derived',
      'project.applied',
      'complete.before',
      'complete.after',
      'release.before',
      'fail.before',
    ];
    it('loses nothing and repeats nothing back in time, whatever step of three relays fails', async () => {
      const target = createMemoryTarget();
      const injected = new Map<FaultPoint, number>();
      const faults: Faults = (point) => {
        const before = injected.get(point) ?? 0;
        // Each a few times: every failure doubles a wait.
        if (before === 3 || !points.includes(point) || Math.random() < 0.5) return;
        injected.set(point, before + 1);
        throw new Error(`injected at ${point}`);
      };
      const projections = [noteProjection(target, { policy: { batch: 4, maxAttempts: 1_000_000, backoff: () => 5, leaseMs: 3_000 } })];
      const all = await Promise.all([0, 1, 2].map(() => started(projections, { faults })));
      await Promise.all(
        Array.from({ length: 10 }, async (_, id) => {
          for (let version = 1; version <= 8; version++) {
            await fixture.write(`n${id}`, `version ${version}`);
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
        }),
      );
      expect(await all[0]!.whenQuiet(60_000)).toBe(true);
      for (let id = 0; id < 10; id++) expect(target.documents.get(`n${id}`)).toMatchObject({ revision: 8, content: { text: 'version 8' } });
      for (let id = 0; id < 10; id++) {
        const revisions = target.applied.filter((one) => one.id === `n${id}`).map(({ revision }) => revision);
        expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
      }
      expect(injected.size).toBeGreaterThanOrEqual(7);
    }, 90_000);
  });
}
