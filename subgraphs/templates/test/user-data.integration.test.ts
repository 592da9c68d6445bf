import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createEvent, encodeEvent, eventCatalogue } from '@loomgraph/events';
import { createMemoryBus } from '@loomgraph/stores/bus';
import { createDirectoryObjects } from '@loomgraph/stores/objects';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { ChangeCapture, ConsumerHost, createUnitOfWork, OutboxRow, syncMigrations } from '@loomgraph/sync';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { relationalBackends, waitFor } from '@loomgraph/testing';
import { userData } from '../src/adapters/user-data.js';
import { createRateTemplate } from '../src/domain/rate-template.js';
import { createUseTemplate } from '../src/domain/use-template.js';
import { entities, TemplateEntity } from '../src/store/entities.js';
import { similarTemplatesMigration, templatesMigration } from '../src/store/migrations.js';
import { records } from '../src/store/records.js';
import { createTemplateUnitOfWork } from '../src/store/template.writer.js';
import { userErasureMigration } from '../src/store/user-erasure.js';

const clock = { now: () => new Date('2026-03-01T08:00:00.000Z') };

for (const backend of relationalBackends(import.meta.filename)) {
  describe(`C6 the data of a user, on ${backend.name}`, () => {
    let store: RelationalStore;
    const opened: AsyncDisposable[] = [];

    beforeEach(async () => {
      store = await backend.open({
        entities: [...entities, OutboxRow],
        migrations: [...syncMigrations, templatesMigration, similarTemplatesMigration, userErasureMigration],
        subscribers: [new ChangeCapture(records)],
      });
      await store.migrate();
    });
    afterEach(async () => {
      for (const each of opened.splice(0).toReversed()) await each[Symbol.asyncDispose]();
      await backend.drop(store);
    });
    afterAll(() => backend.close());

    const useCases = () => {
      const unitOfWork = createTemplateUnitOfWork(
        createUnitOfWork(store, () => undefined),
        store,
      );
      const deps = { unitOfWork, clock, ids: { next: () => randomUUID() } };
      return { ...createRateTemplate(deps), use: createUseTemplate(deps) };
    };
    const open = async () => {
      const dir = await mkdtemp(join(tmpdir(), 'loom-user-data-'));
      opened.push({ [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) });
      const objects = createDirectoryObjects({ dir, publicUrl: 'http://127.0.0.1/objects', secret: 'x'.repeat(32) });
      const bus = createMemoryBus();
      const consumer = userData({ store, objects: async () => objects, subgraph: 'templates' });
      const host = new ConsumerHost({
        store,
        bus,
        consumers: [consumer],
        subgraph: 'templates',
        logger: silentLogger,
        metrics: createMetrics(),
      });
      opened.push(objects, bus, host);
      await host.start();
      return { objects, bus };
    };
    const insert = async (createdBy: string): Promise<string> => {
      const id = randomUUID();
      await store.transaction(async (em) => void em.create(TemplateEntity, template(id, createdBy)));
      return id;
    };
    const erased = (userId: string) =>
      encodeEvent(createEvent(eventCatalogue['accounts.user-erased'], { userId, erasedAt: clock.now().toISOString() }));
    const left = async (userId: string): Promise<number> => {
      const counts = await Promise.all(
        (
          [
            ['template_rating', 'user_id'],
            ['template_usage', 'user_id'],
            ['template_user', 'id'],
            ['template', 'created_by'],
          ] as const
        ).map(async ([table, column]) => {
          const [row] = await store
            .read()
            .execute<{ found: number | string }[]>(`select count(*) as found from ${store.table(table)} where ${column} = ?`, [userId]);
          return Number(row?.found);
        }),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    };

    it('goes on request: ratings with their part of the average, uses, authorship; others keep theirs', async () => {
      const { rate, use } = useCases();
      const [hers, his] = [await insert('ann'), await insert('bob')];
      await rate({ templateId: hers, userId: 'ann', rating: 5, review: 'mine' });
      await rate({ templateId: his, userId: 'ann', rating: 4 });
      await rate({ templateId: his, userId: 'bob', rating: 2 });
      await use({ templateId: hers, userId: 'ann' });
      await use({ templateId: his, userId: 'ann' });
      await use({ templateId: his, userId: 'bob' });
      await store.transaction((em) => em.execute(`delete from ${store.table('outbox')}`, [], 'run'));

      const { bus } = await open();
      await bus.publish('accounts-events', [erased('ann'), erased('ann')]);
      await waitFor(
        () => left('ann'),
        (count) => count === 0,
      );
      const templates = await store.read().find(TemplateEntity, {}, { orderBy: { id: 'asc' } });
      const of = (id: string) => templates.find((one) => one.id === id);
      expect(of(hers)).toMatchObject({ createdBy: 'erased', ratingCount: 0, ratingSum: 0, usage: 1 });
      expect(of(his)).toMatchObject({ createdBy: 'bob', ratingCount: 1, ratingSum: 200, usage: 2 });
      expect(await left('bob')).toBe(4);
      const outbox = await store
        .read()
        .execute<{ record_type: string; record_id: string; deleted: boolean | number }[]>(
          `select record_type, record_id, deleted from ${store.table('outbox')} where kind = 'c'`,
        );
      const changed = outbox.map(
        ({ record_type: type, record_id: id, deleted }) => `${type} ${id}${Number(deleted) === 1 ? ' deleted' : ''}`,
      );
      expect(new Set(changed)).toEqual(new Set([`Template ${hers}`, `Template ${his}`, 'TemplateUser ann deleted']));
    });

    it('does not come back with a token that has some seconds left', async () => {
      const { rate, use } = useCases();
      const templateId = await insert('bob');
      const { bus } = await open();
      await bus.publish('accounts-events', [erased('ann')]);
      await waitFor(
        () => store.read().execute<object[]>(`select * from ${store.table('erased_user')}`),
        (rows) => rows.length === 1,
      );
      await expect(use({ templateId, userId: 'ann' })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      await expect(rate({ templateId, userId: 'ann', rating: 1 })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await left('ann')).toBe(0);
      expect(JSON.stringify(await store.read().execute(`select * from ${store.table('erased_user')}`))).not.toContain('"ann"');
    });

    it('is written out for an export, and again where it is asked again', async () => {
      const { rate, use } = useCases();
      const templateId = await insert('ann');
      await rate({ templateId, userId: 'ann', rating: 4.5, review: 'good' });
      await use({ templateId, userId: 'ann' });
      const { bus, objects } = await open();
      const requested = (exportId: string) =>
        encodeEvent(
          createEvent(eventCatalogue['accounts.export-requested'], {
            exportId,
            userId: 'ann',
            objectPrefix: `exports/${exportId}/`,
            requestedAt: clock.now().toISOString(),
          }),
        );
      await bus.publish('accounts-events', [requested('e1'), requested('e2')]);
      await waitFor(
        () => objects.head('exports/e2/templates.json'),
        (info) => info !== null,
      );
      const object = await objects.get('exports/e1/templates.json');
      expect(JSON.parse(await text(object!.body))).toMatchObject({
        ratings: [{ templateId, rating: 4.5, review: 'good' }],
        usages: [{ templateId, count: 1 }],
        templates: [{ id: templateId, name: 'Plain' }],
      });
    });
  });
}

function template(id: string, createdBy: string) {
  return {
    id,
    slug: null,
    name: 'Plain',
    categoryId: 'c',
    description: '',
    content: '',
    variables: {},
    preview: null,
    usage: 0,
    ratingSum: 0,
    ratingCount: 0,
    ratingRank: 0,
    isActive: true,
    tags: [],
    industry: null,
    experienceLevel: null,
    language: 'en',
    version: '1',
    difficulty: 1,
    estimatedTimeMinutes: 1,
    createdBy,
    createdAt: clock.now(),
    updatedAt: clock.now(),
  };
}
