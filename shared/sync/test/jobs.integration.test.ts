import { silentLogger, createMetrics } from '@loomgraph/telemetry';
import { createMemoryTarget, relationalBackends, waitFor, type MemoryTarget } from '@loomgraph/testing';
import { StoreError } from '@loomgraph/core';
import { claimJob, noteJob } from '../src/jobs/claim-job.js';
import { JobRunner, jobs, type CheckResult, type Job, type JobRunnerOptions, type Projection } from '../src/index.js';
import { noteProjection, noteRecord, openFixture, type Fixture } from './fixture.js';

/** Prevents: an operator's repair that is lost with the process that took the request, or done twice at once, or never heard of again. */
describe.each(relationalBackends(import.meta.filename))('jobs, record on $name', (backend) => {
  const WAIT_MS = 20_000;
  let fixture: Fixture;
  let target: MemoryTarget;
  let projection: Projection;
  let stop: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    fixture = await openFixture(backend);
    target = createMemoryTarget();
    projection = noteProjection(target);
    const relay = fixture.relay([projection]);
    await relay.start();
    stop = [() => relay.stop()];
    for (let n = 0; n < 20; n++) await fixture.write(`n${String(n).padStart(4, '0')}`, `text ${n}`);
    expect(await relay.whenQuiet(WAIT_MS)).toBe(true);
  }, 60_000);
  afterEach(async () => {
    for (const one of stop.toReversed()) await one();
    await backend.drop(fixture.store);
  });
  afterAll(() => backend.close());

  const runner = (options: Partial<JobRunnerOptions> = {}): JobRunner => {
    const one = new JobRunner({
      store: fixture.store,
      projections: [projection],
      records: [noteRecord],
      subgraph: 'notes',
      logger: silentLogger,
      metrics: createMetrics(),
      pollMs: 30,
      ...options,
    });
    stop.push(() => one.stop());
    one.start();
    return one;
  };
  const over = (id: string, state: Job['state'] = 'done') =>
    waitFor(
      () => jobs(fixture.store).get(id),
      (job) => job?.state === state,
      WAIT_MS,
    ) as Promise<Job>;

  it('a check names what differs and changes nothing; a repair mends it; a check after it finds nothing', async () => {
    target.plant('n0003', undefined);
    target.plant('n0004', { content: { text: 'damaged' } });
    const all = jobs(fixture.store);
    runner();
    const check = await all.create({ kind: 'check', requestedBy: 'ann' });
    expect(check).toMatchObject({ kind: 'check', state: 'queued', requestedBy: 'ann' });
    const checked = await over(check.id);
    expect(checked.result).toMatchObject({
      projections: [
        {
          projection: 'notes',
          checked: 20,
          missing: 1,
          corrupt: 1,
          stale: 0,
          orphan: 0,
          examples: { missing: ['n0003'], corrupt: ['n0004'] },
        },
      ],
    });
    expect(target.documents.has('n0003')).toBe(false);
    const repaired = await over((await all.create({ kind: 'repair', projection: 'notes', requestedBy: 'ann' })).id);
    expect(repaired.result).toMatchObject({ projections: [{ missing: 1, corrupt: 1, repaired: 2 }] });
    expect(target.documents.get('n0003')).toMatchObject({ content: { text: 'text 3' } });
    const again = await over((await all.create({ kind: 'check', requestedBy: 'ann' })).id);
    expect(again.result).toMatchObject({ projections: [{ checked: 20, missing: 0, stale: 0, orphan: 0, corrupt: 0 }] });
    expect(again).toMatchObject({ done: 40, total: 40 });
  });

  it('looks at some records only, and as deep as asked', async () => {
    for (const id of ['n0001', 'n0002']) target.plant(id, { fingerprint: 'other' });
    const all = jobs(fixture.store);
    runner();
    const some = await over(
      (await all.create({ kind: 'repair', projection: 'notes', options: { ids: ['n0001', 'n0005'] }, requestedBy: 'ann' })).id,
    );
    expect(some.result).toMatchObject({ projections: [{ checked: 2, stale: 1, repaired: 1 }] });
    const shallow = await over((await all.create({ kind: 'check', options: { depth: 'revisions' }, requestedBy: 'ann' })).id);
    expect(shallow.result).toMatchObject({ projections: [{ checked: 20, stale: 0 }] });
    expect(target.documents.get('n0002')).toMatchObject({ fingerprint: 'other' });
  });

  it('a rebuild writes every document anew, and of some records those alone', async () => {
    const all = jobs(fixture.store);
    runner();
    const before = target.applied.length;
    const some = await over(
      (await all.create({ kind: 'rebuild', projection: 'notes', options: { ids: ['n0001', 'none'] }, requestedBy: 'ann' })).id,
    );
    expect(some.result).toMatchObject({ dead: 0 });
    expect(target.applied.length).toBe(before + 1);
    const job = await over((await all.create({ kind: 'rebuild', projection: 'notes', requestedBy: 'ann' })).id);
    expect(job).toMatchObject({ done: 20, total: 20, result: { records: 20, dead: 0 } });
    expect(target.applied.length).toBe(before + 21);
  });

  it('another process goes on with the job of one that was killed, from where that one was', async () => {
    const { store } = fixture;
    const all = jobs(store);
    target.plant('n0000', undefined);
    target.plant('n0019', undefined);
    const { id } = await all.create({ kind: 'check', requestedBy: 'ann' });
    const killed = await claimJob(store, { owner: 'killed', kinds: ['check'], leaseMs: 400 });
    expect(killed?.id).toBe(id);
    const seen: CheckResult = {
      projections: [
        {
          projection: 'notes',
          checked: 10,
          scanned: 0,
          missing: 1,
          stale: 0,
          orphan: 0,
          corrupt: 0,
          pending: 0,
          dead: 0,
          discarded: 0,
          examples: { missing: ['n0000'], stale: [], orphan: [], corrupt: [] },
        },
      ],
      position: { phase: 'source', after: 'n0009' },
    };
    expect(await noteJob(store, id, { owner: 'killed', leaseMs: 400, note: { done: 10, total: 40, result: seen } })).toBe('go on');
    runner();
    const job = await over(id);
    // Twenty records and two missing in all: those before the position were not looked at again.
    expect(job.result).toMatchObject({ projections: [{ checked: 20, missing: 2, examples: { missing: ['n0000', 'n0019'] } }] });
    expect(await noteJob(store, id, { owner: 'killed', leaseMs: 400 })).toBe('lost');
  });

  it('gives its job back when it stops, and waits for a store that is away', async () => {
    const all = jobs(fixture.store);
    let away = true;
    const entries = target.entries.bind(target);
    Object.assign(target, {
      entries: (...args: Parameters<typeof entries>) =>
        away ? Promise.reject(new StoreError('unavailable', 'target', 'away')) : entries(...args),
    });
    const first = runner();
    const { id } = await all.create({ kind: 'check', requestedBy: 'ann' });
    const waiting = await waitFor(
      () => all.get(id),
      (job) => job?.error !== undefined,
      WAIT_MS,
    );
    expect(waiting).toMatchObject({ state: 'queued', error: { message: 'away' } });
    await first.stop();
    away = false;
    runner();
    expect(await over(id)).toMatchObject({ result: { projections: [{ checked: 20 }] } });
  });

  it('is cancelled before and while it runs', async () => {
    const all = jobs(fixture.store);
    const before = await all.create({ kind: 'check', requestedBy: 'ann' });
    expect(await all.cancel(before.id)).toMatchObject({ state: 'cancelled' });
    const reached = Promise.withResolvers<void>();
    const replay = (_consumer: string, _since: number, { signal }: { signal: AbortSignal }) =>
      new Promise<never>((_resolve, reject) => {
        reached.resolve();
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    await fixture.store.transaction((em) =>
      em.execute(
        `insert into ${fixture.store.table('consumer')} (name, topic, applied, skipped, failed) values ('c', 't', 0, 0, 0)`,
        [],
        'run',
      ),
    );
    runner({ replay, leaseMs: 300 });
    const { id } = await all.create({ kind: 'replay', options: { consumer: 'c' }, requestedBy: 'ann' });
    await reached.promise;
    await all.cancel(id);
    expect(await over(id, 'cancelled')).toMatchObject({ state: 'cancelled' });
  });

  it('one of a kind and projection runs at a time', async () => {
    const { store } = fixture;
    const all = jobs(store);
    for (let n = 0; n < 3; n++) await all.create({ kind: 'check', projection: 'notes', requestedBy: 'ann' });
    await all.create({ kind: 'rebuild', projection: 'notes', requestedBy: 'ann' });
    const claims = await Promise.all(
      ['a', 'b', 'c', 'd'].map((owner) => claimJob(store, { owner, kinds: ['check', 'rebuild'], leaseMs: 60_000 })),
    );
    expect(claims.flatMap((job) => job?.kind ?? []).sort()).toEqual(['check', 'rebuild']);
  });

  it('pages newest first, and refuses what makes no sense', async () => {
    const all = jobs(fixture.store);
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift((await all.create({ kind: 'check', requestedBy: 'ann' })).id);
    const first = await all.list({ limit: 3 });
    const second = await all.list({ limit: 3, before: first.next });
    expect([...first.items, ...second.items].map((job) => job.id)).toEqual(ids);
    expect(second.next).toBeUndefined();
    await expect(all.create({ kind: 'rebuild', requestedBy: 'ann' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(all.create({ kind: 'check', projection: 'none', requestedBy: 'ann' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(all.create({ kind: 'replay', options: { consumer: 'none' }, requestedBy: 'ann' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(all.list({ limit: 0 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await all.get('9; drop table job')).toBeUndefined();
    expect(await all.list({ limit: 10, kind: 'rebuild' })).toEqual({ items: [], next: undefined });
  });
});
