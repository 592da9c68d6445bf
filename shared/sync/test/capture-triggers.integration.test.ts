import { openMySqlRelational, type RelationalStore } from '@loomgraph/stores/relational';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { createMemoryTarget, leaveOutWithout, realStore, relationalBackends } from '@loomgraph/testing';
import mysql from 'mysql2/promise';
import { randomBytes } from 'node:crypto';
import {
  captureTriggers,
  ChangeCapture,
  createUnitOfWork,
  dropCaptureTriggers,
  OutboxRow,
  OwnWrites,
  Relay,
  syncMigrations,
} from '../src/index.js';
import { Note, noteMigration, noteProjection, noteRecord, Topic } from './fixture.js';

const schema = { entities: [Note, Topic, OutboxRow], migrations: [...syncMigrations, noteMigration] };
const withOwnWrites = { ...schema, subscribers: [new ChangeCapture([noteRecord]), new OwnWrites([noteRecord])] };

for (const backend of relationalBackends()) {
  describe(`capture by triggers on ${backend.name}`, () => {
    let store: RelationalStore;

    beforeEach(async () => {
      store = await backend.open(withOwnWrites);
      await store.migrate();
      await captureTriggers(store, [noteRecord]);
    });
    afterEach(() => backend.drop(store));
    afterAll(() => backend.close());

    const note = (): string => store.table('note');
    /** What another program does: plain SQL. */
    const sql = (statement: string): Promise<unknown> => store.read().execute(statement, [], 'run');
    const rows = async <Row>(statement: string): Promise<Row[]> => store.read().execute<Row[]>(statement);
    /** What was captured since the last time, oldest first: id, revision, whether it is a deletion. */
    const captured = async (): Promise<string[]> => {
      const found = await rows<{ record_id: string; revision: string | number; deleted: unknown }>(
        `select record_id, revision, deleted from ${store.table('outbox')} where kind = 'c' and record_type = 'Note' order by id`,
      );
      await sql(`delete from ${store.table('outbox')}`);
      return found.map((row) => `${row.record_id}:${row.revision}${Number(row.deleted) ? '-' : ''}`);
    };
    const revision = async (id: string): Promise<number> =>
      Number((await rows<{ revision: number }>(`select revision from ${note()} where id = '${id}'`))[0]?.revision);

    it('sees what is inserted, changed and deleted, with revisions that rise', async () => {
      await sql(`insert into ${note()} (id, text) values ('a', 'one'), ('b', 'one')`);
      expect((await captured()).sort()).toEqual(['a:1', 'b:1']);
      await sql(`update ${note()} set text = 'two' where id = 'a'`);
      await sql(`update ${note()} set text = 'three' where id = 'a'`);
      expect(await captured()).toEqual(['a:2', 'a:3']);
      expect(await revision('a')).toBe(3);
      await sql(`delete from ${note()} where id = 'a'`);
      expect(await captured()).toEqual(['a:4-']);
    });

    it('keeps a revision that the writer raised, and lets none fall', async () => {
      await sql(`insert into ${note()} (id, text, revision) values ('a', 'one', 7)`);
      await sql(`update ${note()} set text = 'two', revision = revision + 1 where id = 'a'`);
      await sql(`update ${note()} set text = 'three', revision = 40 where id = 'a'`);
      await sql(`update ${note()} set text = 'four', revision = 2 where id = 'a'`);
      expect(await captured()).toEqual(['a:7', 'a:8', 'a:40', 'a:41']);
    });

    it('sees every row of a bulk statement', async () => {
      await sql(`insert into ${note()} (id, text) values ${Array.from({ length: 100 }, (_, n) => `('n${n}', 'x')`).join(', ')}`);
      await captured();
      await sql(`update ${note()} set text = 'y'`);
      const changed = await captured();
      expect(new Set(changed).size).toBe(100);
      expect(changed.every((change) => change.endsWith(':2'))).toBe(true);
      await sql(`delete from ${note()} where id <> 'n5'`);
      expect(await captured()).toHaveLength(99);
    });

    it('a record that comes back under its id, or under another, goes on from where it was', async () => {
      await sql(`insert into ${note()} (id, text, revision) values ('a', 'one', 5)`);
      await sql(`delete from ${note()} where id = 'a'`);
      await sql(`insert into ${note()} (id, text) values ('a', 'again')`);
      expect(await captured()).toEqual(['a:5', 'a:6-', 'a:7']);
      await sql(`update ${note()} set id = 'b' where id = 'a'`);
      expect((await captured()).sort()).toEqual(['a:8-', 'b:8']);
      await sql(`update ${note()} set id = 'a' where id = 'b'`);
      expect((await captured()).sort()).toEqual(['a:9', 'b:9-']);
    });

    it('sees upserts', async () => {
      await sql(`insert into ${note()} (id, text) values ('a', 'one')`);
      const clause =
        store.dialect === 'postgresql'
          ? 'on conflict (id) do update set text = excluded.text'
          : 'on duplicate key update text = values(text)';
      await sql(`insert into ${note()} (id, text) values ('a', 'two') ${clause}`);
      expect(await captured()).toEqual(['a:1', 'a:2']);
      if (store.dialect === 'postgresql') return;
      await sql(`replace into ${note()} (id, text) values ('a', 'three')`);
      expect(await captured()).toEqual(['a:3-', 'a:4']);
    });

    it('leaves nothing of what was rolled back', async () => {
      await sql(`insert into ${note()} (id, text) values ('a', 'one')`);
      await captured();
      const rolledBack = store.transaction(async (em) => {
        await em.execute(`update ${note()} set text = 'two'`, [], 'run');
        await em.execute(`delete from ${note()}`, [], 'run');
        throw new Error('no');
      });
      await expect(rolledBack).rejects.toThrow('no');
      expect(await captured()).toEqual([]);
      expect(await revision('a')).toBe(1);
    });

    it('leaves what a unit of work captures itself alone, and nothing else of it', async () => {
      const unitOfWork = createUnitOfWork(store, () => undefined);
      await unitOfWork.run(({ em }) => Promise.resolve(void em.create(Note, { id: 'a', text: 'one' })));
      await unitOfWork.run(async ({ em }) => void ((await em.findOneOrFail(Note, { id: 'a' })).text = 'two'));
      expect(await captured()).toEqual(['a:1', 'a:2']);
      await unitOfWork.run(async ({ em }) => {
        (await em.findOneOrFail(Note, { id: 'a' })).text = 'three';
        await em.flush();
        await em.execute(`update ${note()} set text = 'four' where id = 'a'`, [], 'run');
      });
      // The unit of work writes its rows at the end; changes of a record are told apart by revision.
      expect((await captured()).toSorted()).toEqual(['a:3', 'a:4']);
      await unitOfWork.run(async ({ em }) => void em.remove(await em.findOneOrFail(Note, { id: 'a' })));
      expect(await captured()).toEqual(['a:5-']);
      await sql(`insert into ${note()} (id, text) values ('a', 'again')`);
      expect(await captured()).toEqual(['a:6']);
    });

    it('a unit of work that fails leaves no connection whose writes nobody captures', async () => {
      const unitOfWork = createUnitOfWork(store, () => undefined);
      await sql(`insert into ${note()} (id, text) values ('a', 'one')`);
      await captured();
      for (let n = 0; n < 10; n++) {
        const failing = unitOfWork.run(({ em }) => Promise.resolve(void em.create(Note, { id: 'a', text: 'taken' })));
        await expect(failing).rejects.toMatchObject({ kind: 'conflict' });
      }
      await Promise.all(Array.from({ length: 10 }, (_, n) => sql(`insert into ${note()} (id, text) values ('n${n}', 'x')`)));
      expect(await captured()).toHaveLength(10);
    });

    it('is installed by many at once, again without effect, and dropped', async () => {
      const others = await Promise.allSettled(Array.from({ length: 8 }, () => captureTriggers(store, [noteRecord])));
      expect(others.filter(({ status }) => status === 'rejected')).toEqual([]);
      await sql(`insert into ${note()} (id, text) values ('a', 'one')`);
      expect(await captured()).toEqual(['a:1']);
      await Promise.all([dropCaptureTriggers(store, [noteRecord]), dropCaptureTriggers(store, [noteRecord])]);
      await sql(`insert into ${note()} (id, text) values ('b', 'one')`);
      expect(await captured()).toEqual([]);
      await captureTriggers(store, [noteRecord]);
      await sql(`update ${note()} set text = 'two' where id = 'b'`);
      expect(await captured()).toEqual(['b:2']);
    });

    it('what it captured arrives, of a record that came back too', async () => {
      const target = createMemoryTarget();
      const bus = { publish: () => Promise.resolve() };
      await using relay = new Relay({
        store,
        bus: bus as never,
        records: [noteRecord],
        projections: [noteProjection(target)],
        subgraph: 'notes',
        logger: silentLogger,
        metrics: createMetrics(),
        pollMs: 50,
      });
      await relay.start();
      await sql(`insert into ${note()} (id, text) values ('a', 'one')`);
      await sql(`delete from ${note()} where id = 'a'`);
      expect(await relay.whenQuiet(20_000)).toBe(true);
      await sql(`insert into ${note()} (id, text) values ('a', 'again')`);
      expect(await relay.whenQuiet(20_000)).toBe(true);
      expect(target.documents.get('a')).toMatchObject({ deleted: false, content: { text: 'again' } });
    });
  });
}

describe('what capture costs the writer', () => {
  const WRITES = 100;
  // A real one where there is one: what a statement costs is mostly the way to the server.
  const backend = relationalBackends()[1] ?? relationalBackends()[0]!;

  it('is measured; it must not be a multiple', async () => {
    const writers = new Map<string, { store: RelationalStore; times: number[] }>();
    for (const [name, options, triggers] of [
      ['off', schema, false],
      ['unit of work', { ...schema, subscribers: [new ChangeCapture([noteRecord])] }, false],
      ['triggers', schema, true],
      ['both', withOwnWrites, true],
    ] as const) {
      const store = await backend.open(options);
      await store.migrate();
      if (triggers) await captureTriggers(store, [noteRecord]);
      await store.read().execute(`insert into ${store.table('note')} (id, text) values ('a', 'x')`, [], 'run');
      writers.set(name, { store, times: [] });
    }
    // In turn, so that whatever else the machine does hits all alike.
    for (let n = 0; n < WRITES; n++) {
      for (const { store, times } of writers.values()) {
        const startedAt = performance.now();
        await createUnitOfWork(store, () => undefined).run(
          async ({ em }) => void ((await em.findOneOrFail(Note, { id: 'a' })).text = `${n}`),
        );
        times.push(performance.now() - startedAt);
      }
    }
    const median = (name: string): number => writers.get(name)?.times.toSorted((a, b) => a - b)[WRITES / 2] ?? 0;
    const medians = Object.fromEntries([...writers.keys()].map((name) => [name, median(name)]));
    const figures = Object.entries(medians).map(([name, ms]) => `${name} ${ms.toFixed(2)} ms (${(ms / (medians['off'] ?? 1)).toFixed(2)})`);
    process.stdout.write(`median of a changed record on ${backend.name}: ${figures.join(', ')}\n`);
    for (const { store } of writers.values()) await backend.drop(store);
    await backend.close();
    expect(medians['triggers']! / medians['off']!).toBeLessThan(3);
  }, 60_000);
});

const url = realStore('MYSQL_URL');
leaveOutWithout('MYSQL_URL', it);
(url ? it : () => undefined)('a database user who may not make triggers is told what is missing', async () => {
  const name = `t${randomBytes(6).toString('hex')}`;
  const admin = await mysql.createConnection(url!);
  const owner = await openMySqlRelational({ ...withOwnWrites, name, url: url!, pool: { maxConnections: 4, idleConnections: 0 } });
  try {
    await owner.migrate();
    await admin.query(`create user '${name}'@'%' identified by 'Pa55word_${name}'`);
    await admin.query(`grant select, insert, update, delete, create on *.* to '${name}'@'%'`);
    const limited = new URL(url!);
    limited.username = name;
    limited.password = `Pa55word_${name}`;
    await using store = await openMySqlRelational({
      ...withOwnWrites,
      name,
      url: limited.href,
      pool: { maxConnections: 4, idleConnections: 0 },
    });
    await expect(captureTriggers(store, [noteRecord])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('grant it TRIGGER') as string,
    });
  } finally {
    await owner.close();
    await admin.query(`drop user if exists '${name}'@'%'`);
    await admin.query(`drop database if exists \`loom_${name}\``);
    await admin.end();
  }
});
