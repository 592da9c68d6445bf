/**
 * A member of the consumer `counting` in a process of its own. Says `ready`, then reads until it has come to a step for the n-th time: there it
 * kills itself.
 */
import { createKafkaBus, createRedisStreamsBus, type Bus } from '@loomgraph/stores/bus';
import { openMySqlRelational } from '@loomgraph/stores/relational';
import { OutboxRow } from '../../src/index.js';
import { consumerMigrations, countingConsumer, host } from '../consumer-fixture.js';

const {
  DATABASE_URL: url = '',
  DATABASE_NAME: name = '',
  BUS_URL: busUrl = '',
  BUS_PREFIX: prefix = '',
  DIE_AT: dieAt = '',
  DIE_AFTER = '',
} = process.env;

const bus: Bus = busUrl.startsWith('kafka')
  ? createKafkaBus({ url: busUrl, prefix, sessionTimeoutMs: 6_000 })
  : createRedisStreamsBus({ url: busUrl, prefix, leaseMs: 1_500 });
const store = await openMySqlRelational({ name, url, entities: [OutboxRow], migrations: consumerMigrations });
let left = Number(DIE_AFTER);
const faults = (point: string): void => {
  if (point === dieAt && --left === 0) process.kill(process.pid, 'SIGKILL');
};
await host(store, bus, [countingConsumer(store)], { faults }).start();
process.stdout.write('ready\n');
