import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { createMemoryTarget, relationalBackends, waitFor, type MemoryTarget } from '@loomgraph/testing';
import { setImmediate as immediate } from 'node:timers/promises';
import { readAuditState, saveAuditState } from '../src/audit/audit-state.js';
import { makeDue } from '../src/audit/repair.js';
import { createSourceRecords } from '../src/audit/source-records.js';
import { addReport, emptyTally, foundIn } from '../src/audit/tally.js';
import { walk } from '../src/audit/walk.js';
import { dispatch } from '../src/relay/dispatch.js';
import { Auditor, readStatus, type AuditorOptions, type Projection } from '../src/index.js';
import { Note, noteProjection, noteRecord, openFixture, type Fixture } from './fixture.js';

/**
 * Prevents: drift that nobody sees (a restored backup, a lost write, a row somebody edited), and reports of drift that is none, which teach people to
 * look away.
 */
describe.each(relationalBackends(import.meta.filename))('audits, record on $name', (backend) => {
  const QUIET_MS = 20_000;
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
  }, 60_000);
  afterEach(async () => {
    for (const one of stop.toReversed()) await one();
    await backend.drop(fixture.store);
  });
  afterAll(() => backend.close());

  const quiet = () =>
    waitFor(
      async () =>
        (
          await fixture.store
            .read()
            .execute<unknown[]>(`select 1 from ${fixture.store.table('delivery')} union all select 1 from ${fixture.store.table('outbox')}`)
        ).length,
      (n) => n === 0,
      QUIET_MS,
    );
  const fill = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) await fixture.write(`n${String(n).padStart(4, '0')}`, `text ${n}`);
    await quiet();
  };
  const auditor = (options: Partial<AuditorOptions> = {}): Auditor => {
    const one = new Auditor({
      store: fixture.store,
      projections: [projection],
      records: [noteRecord],
      subgraph: 'notes',
      logger: silentLogger,
      metrics: createMetrics(),
      recordsPerSecond: 100_000,
      restMs: 100,
      pollMs: 50,
      ...options,
    });
    stop.push(() => one.stop());
    one.start();
    return one;
  };
  /** One of each: six that live and one that is gone. */
  const plant = (): void => {
    const stored = (id: string) => target.documents.get(id) as NonNullable<ReturnType<MemoryTarget['documents']['get']>>;
    target.plant('n0001', undefined); // missing
    target.plant('n0002', { deleted: true, content: undefined, revision: 9 }); // missing: a tombstone of a record that lives
    target.plant('n0003', { revision: 0 }); // stale: older
    target.plant('n0004', { revision: 77 }); // stale: newer, as after a restored backup
    target.plant('n0005', { fingerprint: 'other' }); // stale: derived otherwise
    target.plant('n0006', { content: { text: 'damaged' } }); // corrupt
    target.plant('gone', { ...stored('n0000'), revision: 3 }); // orphan
  };
  const matches = (): boolean => {
    const documents = [...target.documents].filter(([, { deleted }]) => !deleted);
    return (
      documents.length === 20 &&
      documents.every(
        ([id, { content, revision }]) => revision === 1 && (content as { text: string }).text === `text ${Number(id.slice(1))}`,
      )
    );
  };

  it('Y3 finds planted drift of every class and repairs it, over a newer revision and a tombstone too', async () => {
    await fill(20);
    plant();
    expect(matches()).toBe(false);
    auditor();
    await waitFor(matches, Boolean, QUIET_MS);
    const status = await waitFor(
      async () => (await readStatus(fixture.store))[0],
      (seen) => seen?.audit !== undefined && seen.drift === 0 && seen.audit.missing === 2 && seen.audit.repaired === 7,
      QUIET_MS,
    ).catch(async () => (await readStatus(fixture.store))[0]);
    // The first cycle found them, or, where a second has ended by now, the second found nothing.
    expect(status?.drift).toBe(0);
  });

  it('Y3 counts each class, and drift until it is repaired', async () => {
    await fill(20);
    plant();
    auditor({ repair: 'report', restMs: 60_000 });
    const status = await waitFor(
      async () => (await readStatus(fixture.store))[0],
      (seen) => seen?.audit !== undefined,
      QUIET_MS,
    );
    expect(status?.audit).toMatchObject({ checked: 20, missing: 2, stale: 3, corrupt: 1, orphan: 1, repaired: 0 });
    expect(status).toMatchObject({ drift: 7, coverage: 0.9 });
  });

  it('Y3 leaves dead letters and those given up alone, and says how many', async () => {
    await fill(3);
    const { store } = fixture;
    await store.transaction((em) =>
      em.execute(
        `insert into ${store.table('delivery')} (projection, record_type, record_id, revision, deleted, first_outbox_id, changed_at, touches, state, attempts, available_at, lease_until)
         values ('notes', 'Note', 'n0000', 1, ?, 1, 0, 1, 'dead', 8, 0, 0), ('notes', 'Note', 'n0001', 1, ?, 1, 0, 1, 'discarded', 8, 0, 0)`,
        [false, false],
        'run',
      ),
    );
    for (const id of ['n0000', 'n0001', 'n0002']) target.plant(id, { revision: 0 });
    auditor({ restMs: 60_000 });
    await waitFor(
      async () => (await readStatus(store))[0]?.audit?.repaired,
      (repaired) => repaired === 1,
      QUIET_MS,
    );
    expect((await readAuditState(store, 'notes'))?.tally).toMatchObject({ stale: 1, dead: 1, discarded: 1 });
    expect(target.documents.get('n0000')).toMatchObject({ revision: 0 });
  });

  it('Y3 reports nothing while a writer makes 10,000 changes', async () => {
    const RECORDS = 400;
    const CHANGES = 10_000;
    const WALKS = 1;
    const BATCH = 25;
    await fill(20);
    const source = createSourceRecords(fixture.store, noteRecord);
    const tally = emptyTally();
    const written = new AbortController();
    const walked = { times: 0 };
    const audit = (async () => {
      while (!written.signal.aborted) {
        for await (const page of walk({ store: fixture.store, projection, source, depth: 'content', page: 100, waitMs: () => 5 })) {
          tally[page.phase === 'source' ? 'checked' : 'scanned'] += page.records;
          addReport(tally, page);
        }
        walked.times++;
      }
    })();
    let changes = 0;
    for (; changes < CHANGES || walked.times < WALKS; changes += BATCH) {
      await immediate(); // an embedded database answers in microtasks: timers wait while it is kept busy
      await fixture.unitOfWork.run(async ({ em }) => {
        // Round and round; each round takes a few away and brings as many new ones.
        const round = Math.floor(changes / RECORDS);
        const ids = Array.from({ length: BATCH }, (_, n) => (changes + n) % RECORDS).map((n) =>
          n % 10 === 0 ? `w${n}-${round}` : `w${n}`,
        );
        const known = new Map((await em.find(Note, { id: { $in: ids } })).map((note) => [note.id, note]));
        const gone = ids.filter((id) => id.endsWith(`-${round}`)).map((id) => id.replace(/-.*/, `-${round - 1}`));
        for (const note of await em.find(Note, { id: { $in: gone } })) em.remove(note);
        for (const id of ids) {
          const note = known.get(id);
          if (!note) em.create(Note, { id, text: `text ${changes}` });
          else note.text = `text ${changes}`;
        }
      });
    }
    written.abort();
    await audit;
    await quiet();
    expect(tally.examples).toEqual({ missing: [], stale: [], orphan: [], corrupt: [] });
    expect(foundIn(tally)).toBe(0);
    expect(tally.checked).toBeGreaterThan(RECORDS);
    process.stdout.write(
      `${backend.name}: ${walked.times} walks compared ${tally.checked} records beside ${changes} changes, let ${tally.pending} go\n`,
    );
  }, 180_000);

  // A rebuild makes due what a change has made due already: the change was taken for drift whose repair is on its way.
  it('Y3 reports nothing of records that change while they are written anew', async () => {
    await fill(6);
    for (const one of stop.splice(0)) await one();
    const source = createSourceRecords(fixture.store, noteRecord);
    const rebuild = async (...ids: readonly string[]) =>
      makeDue(
        fixture.store,
        { projection, rewrite: 'always' },
        ids.map((id) => ({ id, revision: 1 })),
      );
    await fixture.write('n0001', 'changed, then made due by a rebuild');
    await fixture.write('new', 'not written yet');
    await dispatch(fixture.store, [projection]);
    await rebuild('n0001', 'n0002', 'new');
    await fixture.write('n0002', 'changed after it was made due by a rebuild');
    target.plant('n0003', { revision: 0 });
    await rebuild('n0003');
    const tally = emptyTally();
    for await (const page of walk({ store: fixture.store, projection, source, depth: 'content', waitMs: () => 1 })) addReport(tally, page);
    expect(tally).toMatchObject({ missing: 0, stale: 1, orphan: 0, corrupt: 0, pending: 3, examples: { stale: ['n0003'] } });
  });

  it('Y3 goes on where a process that was killed had come to', async () => {
    await fill(20);
    await saveAuditState(fixture.store, 'notes', {
      phase: 'source',
      after: 'n0014',
      startedAt: 1,
      tally: { ...emptyTally(), checked: 15 },
      repaired: 0,
      lastCycle: undefined,
    });
    auditor({ restMs: 60_000, cycleMs: Number.MAX_SAFE_INTEGER });
    const status = await waitFor(
      async () => (await readStatus(fixture.store))[0],
      (seen) => seen?.audit !== undefined,
      QUIET_MS,
    );
    expect(status?.audit).toMatchObject({ startedAt: 1, checked: 20 });
  });
});
