/**
 * An application on the embedded stores, to be killed: writes numbered facts, each with its event, and adds the events up. Once all are written
 * and added up it prints the sums.
 */
import { createEvent, eventCatalogue } from '@loomgraph/events';
import { createMemoryBus } from '@loomgraph/stores/bus';
import { openPglite } from '@loomgraph/stores/postgres';
import { openPgliteRelational } from '@loomgraph/stores/relational';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { createUnitOfWork, defineConsumer, OutboxRow, Relay } from '../../src/index.js';
import { add, consumerMigrations, host, readSums } from '../consumer-fixture.js';

const { DATA_DIR: dataDir = '', EVENTS = '0' } = process.env;

const store = await openPgliteRelational({
  name: 'embedded',
  pglite: await openPglite({ dataDir }),
  entities: [OutboxRow],
  migrations: [
    ...consumerMigrations,
    {
      name: '0002-fact',
      postgresql: (t) => [`create table ${t('fact')} (number bigint primary key)`],
      mysql: (t) => [`create table ${t('fact')} (number bigint primary key)`],
    },
  ],
});
await store.migrate();
const bus = createMemoryBus({ acknowledge: 'handled' });
const consumer = defineConsumer({
  name: 'counting',
  topic: 'templates-events',
  events: {
    'templates.used': ({ payload, occurredAt }, { em }) =>
      add(store, { counterId: payload.templateId, amount: 1, number: payload.usageCount }, occurredAt, em),
  },
});
await host(store, bus, [consumer]).start();
const relay = new Relay({
  store,
  bus,
  projections: [],
  records: [],
  subgraph: 'counts',
  logger: silentLogger,
  metrics: createMetrics(),
  pollMs: 20,
});
await relay.start();
const unitOfWork = createUnitOfWork(store, () => relay.notify());

const [last] = await store.read().execute<{ number: string | number | null }[]>(`select max(number) as number from ${store.table('fact')}`);
process.stdout.write(`ready after ${Number(last?.number ?? 0)}\n`);
for (let number = Number(last?.number ?? 0) + 1; number <= Number(EVENTS); number += 1) {
  await unitOfWork.run(async ({ em, append }) => {
    await em.execute(`insert into ${store.table('fact')} (number) values (?)`, [number], 'run');
    append(
      createEvent(eventCatalogue['templates.used'], {
        templateId: `t${number % 5}`,
        userId: 'u',
        usageCount: number,
        usedAt: new Date().toISOString(),
      }),
    );
  });
  process.stdout.write(`wrote ${number}\n`);
}
if (!(await relay.whenQuiet(60_000))) throw new Error('The events were not published in time.');
process.stdout.write(`${JSON.stringify(await readSums(store))}\n`);
process.exit(0);
