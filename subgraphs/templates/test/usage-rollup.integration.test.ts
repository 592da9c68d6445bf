import { randomUUID } from 'node:crypto';
import { createEvent, encodeEvent, eventCatalogue, type EventMessage } from '@loomgraph/events';
import { createMemoryBus, createRedisStreamsBus, type Bus } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { ConsumerHost, OutboxRow, syncMigrations } from '@loomgraph/sync';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { realStore, relationalBackends, waitFor } from '@loomgraph/testing';
import { Redis } from 'ioredis';
import { usageRollup } from '../src/adapters/usage-rollup.js';
import { entities, TemplateEntity } from '../src/store/entities.js';
import { templatesMigration } from '../src/store/migrations.js';

const DAY_MS = 86_400_000;
const redisUrl = realStore('REDIS_URL');

for (const backend of relationalBackends(import.meta.filename)) {
  describe(`the usage of templates by day, on ${backend.name}`, () => {
    let store: RelationalStore;
    let templateId: string;
    const opened: AsyncDisposable[] = [];
    const today = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS);
    const yesterday = new Date(today.getTime() - DAY_MS);
    const day = (date: Date): string => date.toISOString().slice(0, 10);

    beforeEach(async () => {
      store = await backend.open({ entities: [...entities, OutboxRow], migrations: [...syncMigrations, templatesMigration] });
      await store.migrate();
      templateId = randomUUID();
      await store.transaction(async (em) => {
        em.create(TemplateEntity, template(templateId));
      });
    });
    afterEach(async () => {
      for (const each of opened.splice(0).toReversed()) await each[Symbol.asyncDispose]();
      await backend.drop(store);
    });
    afterAll(() => backend.close());

    const consume = async (bus: Bus): Promise<ConsumerHost> => {
      const consumers = new ConsumerHost({
        store,
        bus,
        consumers: [usageRollup(store)],
        subgraph: 'templates',
        logger: silentLogger,
        metrics: createMetrics(),
        clockSkewMs: 0,
      });
      opened.push(bus, consumers);
      await consumers.start();
      return consumers;
    };
    const used = (at: Date, id = templateId): EventMessage =>
      encodeEvent(
        createEvent(
          eventCatalogue['templates.used'],
          { templateId: id, userId: 'u', usageCount: 1, usedAt: at.toISOString() },
          { clock: { now: () => at } },
        ),
      );
    const usage = (): Promise<{ day: string; usage_count: number }[]> =>
      store.read().execute(`select day, usage_count from ${store.table('template_usage_daily')} order by day`);
    const untilCount = (last: number) => waitFor(usage, (rows) => rows.at(-1)?.usage_count === last && rows.at(-1)?.day === day(today));

    it('adds up each use once, and drops those of a template that is gone', async () => {
      const bus = createMemoryBus();
      await consume(bus);
      const events = [used(yesterday), used(today), used(today)];
      await bus.publish('templates-events', [...events, ...events, used(today, 'gone'), used(today)]);
      await untilCount(3);
      expect(await usage()).toEqual([
        { day: day(yesterday), usage_count: 1 },
        { day: day(today), usage_count: 3 },
      ]);
    });

    if (redisUrl)
      it('starts over with a day', async () => {
        const prefix = `test-${randomUUID()}:`;
        opened.push({ [Symbol.asyncDispose]: () => deleteKeys(redisUrl, prefix) });
        const bus = createRedisStreamsBus({ url: redisUrl, prefix });
        const consumers = await consume(bus);
        await bus.publish('templates-events', [used(yesterday), used(yesterday), used(today), used(today), used(today)]);
        await untilCount(3);
        await store.transaction((em) =>
          em.execute(`update ${store.table('template_usage_daily')} set usage_count = usage_count + 40`, [], 'run'),
        );
        const result = await consumers.replay('templates-usage-rollup', today.getTime() + 3_600_000);
        expect(result).toMatchObject({ since: today.getTime() });
        await untilCount(3);
        expect(await usage()).toEqual([
          { day: day(yesterday), usage_count: 42 },
          { day: day(today), usage_count: 3 },
        ]);
        await consumers.replay('templates-usage-rollup', 0);
        expect(await usage()).toEqual([
          { day: day(yesterday), usage_count: 2 },
          { day: day(today), usage_count: 3 },
        ]);
      }, 60_000);
  });
}

async function deleteKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  const keys = await redis.keys(`${prefix}*`);
  if (keys.length > 0) await redis.del(...keys);
  await redis.quit();
}

function template(id: string) {
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
    createdBy: 'u',
    createdAt: new Date(),
    updatedAt: new Date(),
  };
}
