/**
 * An application on the embedded stores with an event that ends whichever process applies it: writes its events once, and prints what became of
 * them when it lives to the end.
 */
import { createEvent, eventCatalogue } from '@loomgraph/events';
import { createMemoryBus } from '@loomgraph/stores/bus';
import { openPglite } from '@loomgraph/stores/postgres';
import { openPgliteRelational } from '@loomgraph/stores/relational';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { createUnitOfWork, defineConsumer, listDeadEvents, OutboxRow, Relay } from '../../src/index.js';
import { add, consumerMigrations, host, readSums } from '../consumer-fixture.js';

const { DATA_DIR: dataDir = '', EVENTS = '0', FATAL = '0' } = process.env;

const store = await openPgliteRelational({
  name: 'embedded',
  pglite: await openPglite({ dataDir }),
  entities: [OutboxRow],
  migrations: consumerMigrations,
});
const isNew = (await store.migrate()).length > 0;
const bus = createMemoryBus({ acknowledge: 'handled' });
const consumer = defineConsumer({
  name: 'counting',
  topic: 'templates-events',
  events: {
    async 'templates.used'({ payload, occurredAt }, { em }) {
      await add(store, { counterId: payload.templateId, amount: 1, number: payload.usageCount }, occurredAt, em);
      if (payload.usageCount === Number(FATAL)) process.kill(process.pid, 'SIGKILL');
    },
  },
  policy: { maxAttempts: 3 },
});
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
if (isNew) {
  await createUnitOfWork(store, () => undefined).run(({ append }) => {
    for (let number = 1; number <= Number(EVENTS); number += 1) {
      append(
        createEvent(eventCatalogue['templates.used'], {
          templateId: `t${number}`,
          userId: 'u',
          usageCount: number,
          usedAt: new Date().toISOString(),
        }),
      );
    }
    return Promise.resolve();
  });
}
process.stdout.write('begins\n');
await host(store, bus, [consumer]).start();
await relay.start();
if (!(await relay.whenQuiet(60_000))) throw new Error('The events were not published in time.');
const dead = (await listDeadEvents(store, { limit: 10 })).map(({ state, attempts, errorCode }) => ({ state, attempts, errorCode }));
process.stdout.write(`${JSON.stringify({ ...(await readSums(store)), dead })}\n`);
process.exit(0);
