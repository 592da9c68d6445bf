import { randomUUID } from 'node:crypto';
import { systemClock } from '@loomgraph/core';
import { createEvent, encodeEvent, eventCatalogue } from '@loomgraph/events';
import { createMemoryBus } from '@loomgraph/stores/bus';
import { createDirectoryObjects, createS3Objects, type Objects } from '@loomgraph/stores/objects';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { ConsumerHost, OutboxRow, syncMigrations } from '@loomgraph/sync';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { realStore, relationalBackends, waitFor } from '@loomgraph/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuditAnchors } from '../src/adapters/audit-anchors.js';
import { createAuditLog, type AuditLog } from '../src/adapters/audit-log.js';
import type { AuditFact } from '../src/domain/audit.js';
import { readHead } from '../src/store/audit/append.js';
import { AUDIT_COLUMNS, hashRow, type AuditRow } from '../src/store/audit/audit-row.js';
import { auditMigration } from '../src/store/audit/migration.js';

const fact = (index: number, more: Partial<AuditFact> = {}): AuditFact => ({
  actor: { userId: `user-${index % 5}`, address: '203.0.113.0/24' },
  action: index % 2 === 0 ? 'users.login' : 'template.delete',
  resource: { type: 'User', id: `user-${index % 5}` },
  outcome: index % 3 === 0 ? 'denied' : 'allowed',
  ...(index % 3 === 0 ? { reason: 'FORBIDDEN' } : {}),
  occurredAt: new Date(Date.parse('2026-01-01T00:00:00Z') + index * 1_000),
  details: { index, name: 'ünï😀' },
  ...more,
});

for (const backend of relationalBackends(import.meta.filename)) {
  describe(`the audit log, on ${backend.name}`, () => {
    let store: RelationalStore;
    let objects: Objects;
    let dir: string;
    let log: AuditLog;

    beforeEach(async () => {
      store = await backend.open({ entities: [OutboxRow], migrations: [...syncMigrations, auditMigration] });
      await store.migrate();
      dir = await mkdtemp(join(tmpdir(), 'loom-audit-'));
      objects = createDirectoryObjects({ dir, publicUrl: 'http://127.0.0.1/objects', secret: 'x'.repeat(32) });
      log = createAuditLog({ store, objects: async () => objects, clock: systemClock, logger: silentLogger, metrics: createMetrics() });
    }, 90_000);
    afterEach(async () => {
      await objects.close();
      await backend.drop(store);
      await rm(dir, { recursive: true, force: true });
    });
    afterAll(() => backend.close());

    const append = (...facts: readonly AuditFact[]): Promise<void> => store.transaction((em) => log.in(em).append(...facts));
    const table = (): string => store.table('audit_record');
    const sql = (statement: string, parameters: unknown[] = []): Promise<unknown> =>
      store.transaction((em) => em.execute(statement, parameters, 'run'));
    const rows = (): Promise<AuditRow[]> => store.read().execute(`select ${AUDIT_COLUMNS.join(', ')} from ${table()} order by seq`);
    /** 20 records, the first 10 of which are anchored. */
    const fill = async (): Promise<void> => {
      for (let index = 1; index <= 10; index++) await append(fact(index));
      await log.anchoring.anchor();
      await append(...Array.from({ length: 10 }, (_, index) => fact(index + 11)));
    };
    const found = async (): Promise<readonly string[]> => {
      const { findings, intact } = await log.verifier.verify();
      expect(intact).toBe(findings.length === 0);
      return findings.map(({ kind, from, to }) => `${kind} ${from}-${to}`);
    };

    it('keeps facts as they were told, in order, each with the hash of the one before', async () => {
      await fill();
      const all = await rows();
      expect(all.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
      for (const [index, row] of all.entries()) expect(row.previous).toBe(all[index - 1]?.hash ?? '0'.repeat(64));
      const page = await log.reader.list({}, { limit: 2, direction: 'forward', from: null });
      expect(page.items[0]).toMatchObject({ ...fact(20), sequence: 20 });
      expect(await log.verifier.verify()).toMatchObject({ intact: true, checked: 20, anchors: 1, last: 20, anchoredTo: 10, next: null });
    });

    it('commits with its transaction, or not at all', async () => {
      await fill();
      await expect(
        store.transaction(async (em) => {
          await log.in(em).append(fact(99));
          throw new Error('changed my mind');
        }),
      ).rejects.toThrow('changed my mind');
      await append(fact(21));
      expect(await log.verifier.verify()).toMatchObject({ intact: true, last: 21 });
    });

    it('stays one chain under many writers at once', async () => {
      await Promise.all(Array.from({ length: 40 }, (_, index) => append(fact(index), fact(index))));
      expect(await log.verifier.verify()).toMatchObject({ intact: true, checked: 80, last: 80 });
    });

    it('is verified while others append', async () => {
      await fill();
      const writing = Promise.all(Array.from({ length: 20 }, (_, index) => append(fact(index)).then(() => log.anchoring.anchor())));
      const verifying = Promise.all(Array.from({ length: 5 }, () => log.verifier.verify()));
      for (const { findings } of await verifying) expect(findings).toEqual([]);
      await writing;
      expect(await log.verifier.verify()).toMatchObject({ intact: true, last: 40, anchoredTo: 40 });
    });

    it('is verified in parts', async () => {
      await fill();
      expect(await log.verifier.verify({ limit: 7 })).toMatchObject({ intact: true, checked: 7, next: 8 });
      expect(await log.verifier.verify({ from: 8, limit: 7 })).toMatchObject({ intact: true, checked: 7, next: 15, anchors: 1 });
      expect(await log.verifier.verify({ from: 15 })).toMatchObject({ intact: true, checked: 6, next: null });
      await sql(`update ${table()} set reason = 'x' where seq = 3`);
      expect(await log.verifier.verify({ from: 4 })).toMatchObject({ intact: true });
      expect(await log.verifier.verify({ limit: 3 })).toMatchObject({ intact: false });
    });

    it('shows what was edited', async () => {
      await fill();
      for (const column of AUDIT_COLUMNS.filter((name) => name !== 'seq' && name !== 'hash' && name !== 'previous')) {
        const [before] = await store.read().execute<Record<string, unknown>[]>(`select * from ${table()} where seq = 7`);
        await sql(`update ${table()} set ${column} = ? where seq = 7`, [column.endsWith('_at') ? 1 : 'other']);
        expect([column, await found()]).toEqual([column, ['edited 7-7']]);
        await sql(`update ${table()} set ${column} = ? where seq = 7`, [before?.[column]]);
      }
      expect(await found()).toEqual([]);
    });

    it('shows what was edited and hashed anew', async () => {
      await fill();
      const [row] = (await rows()).slice(6, 7);
      const forged = { ...row!, outcome: 'denied' };
      await sql(`update ${table()} set outcome = ?, hash = ? where seq = 7`, [forged.outcome, hashRow(forged)]);
      expect(await found()).toEqual(['broken-link 8-8']);
    });

    it('shows that the whole chain was written anew, by its anchors', async () => {
      await fill();
      await append(...Array.from({ length: 5 }, (_, index) => fact(index)));
      await log.anchoring.anchor();
      await append(fact(26));
      let previous = (await rows())[10]!.hash;
      for (const row of (await rows()).slice(11)) {
        const forged = { ...row, previous, ...(Number(row.seq) === 12 ? { actor_user: 'nobody' } : {}) };
        const hash = hashRow(forged);
        await sql(`update ${table()} set actor_user = ?, previous = ?, hash = ? where seq = ?`, [
          forged.actor_user,
          previous,
          hash,
          row.seq,
        ]);
        previous = hash;
      }
      await sql(`update ${store.table('audit_head')} set hash = ?`, [previous]);
      expect(await found()).toEqual(['rewritten 11-25']);
    });

    it('shows what was deleted from between', async () => {
      await fill();
      await sql(`delete from ${table()} where seq in (5, 6, 15)`);
      expect(await found()).toEqual(['missing 5-6', 'missing 15-15']);
    });

    it('shows what was inserted, moved and reordered', async () => {
      await fill();
      const all = await rows();
      // The two records change places.
      await sql(`update ${table()} set seq = 1000 where seq = 4`);
      await sql(`update ${table()} set seq = 4 where seq = 5`);
      await sql(`update ${table()} set seq = 5 where seq = 1000`);
      expect(await found()).toEqual(['edited 4-5', 'broken-link 4-6']);
      await sql(`update ${table()} set seq = 1000 where seq = 5`);
      await sql(`update ${table()} set seq = 5 where seq = 4`);
      await sql(`update ${table()} set seq = 4 where seq = 1000`);
      expect(await found()).toEqual([]);
      // One is pushed in with a hash that fits, the others make room.
      await sql(`update ${table()} set seq = seq + 1000 where seq >= 18`);
      await sql(`update ${table()} set seq = seq - 999 where seq >= 1000`);
      const forged = { ...all[16]!, seq: 18, previous: all[16]!.hash, actor_user: 'mallory' };
      const values = AUDIT_COLUMNS.map((column) => ({ ...forged, hash: hashRow(forged) })[column]);
      await sql(`insert into ${table()} (${AUDIT_COLUMNS.join(', ')}) values (${AUDIT_COLUMNS.map(() => '?').join(', ')})`, values);
      const findings = await found();
      expect(findings).toEqual(expect.arrayContaining(['edited 19-21', 'broken-link 19-19']));
    });

    it('shows that it was cut off: by its head, and by its anchors when the head was set back too', async () => {
      await fill();
      await log.anchoring.anchor();
      await sql(`delete from ${table()} where seq > 17`);
      expect(await found()).toEqual(['truncated 18-20']);
      const last = (await rows()).at(-1)!;
      await sql(`update ${store.table('audit_head')} set seq = 17, hash = ?, anchors = 1, anchored_seq = 10`, [last.hash]);
      expect(await found()).toEqual(['truncated 18-20']);
      expect((await log.verifier.verify()).findings[0]?.message).toContain('an anchor has seen record 20');
      await sql(`delete from ${table()}`);
      await sql(`update ${store.table('audit_head')} set seq = 0, hash = ?, anchors = 0, anchored_seq = 0`, ['0'.repeat(64)]);
      expect(await found()).toEqual(['truncated 1-20']);
    });

    it('shows that the head was moved', async () => {
      await fill();
      await sql(`update ${store.table('audit_head')} set hash = ?`, ['f'.repeat(64)]);
      expect(await found()).toEqual(['head 20-20']);
      await sql(`update ${store.table('audit_head')} set seq = 12, hash = ?`, [(await rows())[11]!.hash]);
      expect(await found()).toEqual(['head 13-20']);
    });

    it('shows that anchors are gone', async () => {
      await fill();
      await log.anchoring.anchor();
      await append(fact(21));
      await log.anchoring.anchor();
      const keys = (await objects.list('audit/anchors/', { limit: 10 })).map(({ key }) => key);
      expect(keys).toHaveLength(3);
      const body = await objects.get(keys[1]!);
      await objects.delete(keys[1]!);
      expect(await found()).toEqual(['anchors 21-21']);
      await objects.put(keys[1]!, body!.body, { contentType: 'application/json' });
      await objects.delete(keys[2]!);
      expect(await found()).toEqual(['anchors 21-21']);
    });

    it('is anchored once for each state, by however many processes', async () => {
      await fill();
      const others = Array.from({ length: 5 }, () =>
        createAuditLog({ store, objects: async () => objects, clock: systemClock, logger: silentLogger, metrics: createMetrics() }),
      );
      await Promise.all(others.map(({ anchoring }) => anchoring.anchor()));
      expect(await objects.list('audit/anchors/', { limit: 10 })).toHaveLength(2);
      expect(await readHead(store)).toMatchObject({ seq: 20, anchors: 2, anchoredSeq: 20 });
      await log.anchoring.anchor();
      expect(await objects.list('audit/anchors/', { limit: 10 })).toHaveLength(2);
    });

    it('answers pages of what fits a filter, both ways, with a count', async () => {
      await fill();
      const every = async (filter: object, direction: 'forward' | 'backward'): Promise<readonly number[]> => {
        const seen: number[] = [];
        let from: readonly unknown[] | null = null;
        for (;;) {
          const page = await log.reader.list(filter, { limit: 3, direction, from });
          const sequences = page.items.map(({ sequence }) => sequence);
          if (direction === 'forward') seen.push(...sequences);
          else seen.unshift(...sequences);
          const next = direction === 'forward' ? page.hasNextPage : page.hasPreviousPage;
          if (!next) return seen;
          from = [direction === 'forward' ? sequences.at(-1) : sequences[0]];
        }
      };
      const expected = (test: (index: number) => boolean): number[] =>
        Array.from({ length: 20 }, (_, index) => 20 - index).filter((index) => test(index));
      for (const direction of ['forward', 'backward'] as const) {
        expect(await every({}, direction)).toEqual(expected(() => true));
        expect(await every({ actorId: 'user-2' }, direction)).toEqual(expected((index) => index % 5 === 2));
        expect(await every({ action: 'users.login', outcome: 'denied' }, direction)).toEqual(expected((index) => index % 6 === 0));
        const [since, until] = [fact(5).occurredAt, fact(9).occurredAt];
        expect(await every({ since, until }, direction)).toEqual([8, 7, 6, 5]);
        expect(await every({ resourceType: 'User', resourceId: 'user-4' }, direction)).toEqual(expected((index) => index % 5 === 4));
      }
      const page = await log.reader.list({ outcome: 'denied' }, { limit: 3, direction: 'forward', from: null });
      expect(await page.totalCount()).toBe(6);
    });

    it('takes what other processes send, each event once', async () => {
      const bus = createMemoryBus();
      await using consumers = new ConsumerHost({
        store,
        bus,
        consumers: [log.consumer],
        subgraph: 'accounts',
        logger: silentLogger,
        metrics: createMetrics(),
      });
      await consumers.start();
      const { occurredAt, ...rest } = fact(1);
      const entries = [
        { ...rest, occurredAt: occurredAt.toISOString() },
        {
          actor: {},
          action: 'audit.drop',
          resource: { type: 'AuditLog' },
          outcome: 'failed' as const,
          occurredAt: occurredAt.toISOString(),
        },
      ];
      const message = encodeEvent(createEvent(eventCatalogue['audit.recorded'], { source: 'test', entries }));
      await bus.publish('audit-events', [message, message, { ...message, messageId: randomUUID() }]);
      await waitFor(rows, (all) => all.length === 4);
      const page = await log.reader.list({}, { limit: 4, direction: 'forward', from: null });
      expect(page.items.at(-1)).toMatchObject(fact(1));
      expect(await log.verifier.verify()).toMatchObject({ intact: true, last: 4 });
      await bus.close();
    });
  });
}

const s3 = realStore('S3_URL');
if (s3)
  describe('anchors in S3', () => {
    it('are listed in order, and never written again', async () => {
      await using objects = createS3Objects({ url: s3 });
      const prefix = `test-${randomUUID()}`;
      const anchors = createAuditAnchors({ objects: async () => objects, prefix });
      const all = [1, 9, 10, 200, 3_000].map((sequence, index) => ({ ordinal: index + 1, sequence, hash: String(index).repeat(64) }));
      for (const anchor of all) await anchors.put(anchor, new Date());
      await anchors.put(all[0]!, new Date());
      expect(await collect(anchors.from(1))).toEqual(all);
      expect(await collect(anchors.from(10))).toEqual(all.slice(2));
      for (const { key } of await objects.list(`${prefix}/`, { limit: 10 })) await objects.delete(key);
    });
  });

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
