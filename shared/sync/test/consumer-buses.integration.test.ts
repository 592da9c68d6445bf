import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKafkaBus, createMemoryBus, createRedisStreamsBus, type Bus } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { realStore, relationalBackends, waitFor } from '@loomgraph/testing';
import { OutboxRow, readConsumers, type ConsumerHost, type FaultPoint } from '../src/index.js';
import { deleteKafkaNames } from '../../stores/src/bus/kafka-cleanup.js';
import { deleteRedisKeys } from '../../stores/src/cache/redis-cleanup.js';
import { addition, consumerMigrations, countingConsumer, host, readSums, TOPIC } from './consumer-fixture.js';
import { Child } from './support/child.js';

const EVENTS = 5_000;
const KEYS = 50;

/** A bus that is real has other processes on it; then the record is a server too. */
interface Backend {
  readonly name: string;
  readonly url: string | undefined;
  open(prefix: string): Bus;
  /** Deletes what is named so. */
  clean(prefix: string): Promise<void>;
}
const backends: Backend[] = [{ name: 'memory', url: undefined, open: () => createMemoryBus(), clean: () => Promise.resolve() }];
const redisUrl = realStore('REDIS_URL');
if (redisUrl)
  backends.push({
    name: 'Redis Streams',
    url: redisUrl,
    open: (prefix) => createRedisStreamsBus({ url: redisUrl, prefix, leaseMs: 1_500 }),
    clean: (prefix) => deleteRedisKeys(redisUrl, prefix),
  });
const kafkaUrl = realStore('KAFKA_URL');
if (kafkaUrl)
  backends.push({
    name: 'Kafka',
    url: kafkaUrl,
    open: (prefix) => createKafkaBus({ url: kafkaUrl, prefix, sessionTimeoutMs: 6_000 }),
    clean: (prefix) => deleteKafkaNames(kafkaUrl, prefix),
  });
const databaseUrl = realStore('MYSQL_URL');

for (const { name, url, open, clean } of backends) {
  const isReal = url !== undefined && databaseUrl !== undefined;
  const database = relationalBackends().find((backend) => backend.name === (isReal ? 'MySQL' : 'PGlite'));
  if (!database) throw new Error('there is no such backend');

  describe(`consumers over ${name}, on ${database.name}`, () => {
    const prefix = `test-${randomUUID()}.`;
    let store: RelationalStore;
    let bus: Bus;
    const hosts: ConsumerHost[] = [];
    const children: Child[] = [];

    beforeAll(async () => {
      store = await database.open({ entities: [OutboxRow], migrations: consumerMigrations });
      await store.migrate();
      bus = open(prefix);
    }, 60_000);
    afterAll(async () => {
      for (const child of children) await child.kill();
      for (const each of hosts) await each.close();
      await bus.close();
      await clean(prefix);
      await database.drop(store);
      await database.close();
    }, 60_000);

    /** Another process, which dies at this step of its 40th event. */
    const startMember = async (dieAt: FaultPoint): Promise<void> => {
      const child = new Child('consumer-member.ts', {
        DATABASE_URL: databaseUrl ?? '',
        DATABASE_NAME: String(store.orm.config.get('dbName')).replace(/^loom_/, ''),
        BUS_URL: url ?? '',
        BUS_PREFIX: prefix,
        DIE_AT: dieAt,
        DIE_AFTER: '40',
      });
      children.push(child);
      await waitFor(
        () => child.output,
        (output) => output.includes('ready') || !child.isRunning,
        60_000,
      );
      expect(child.output).toBe('ready\n');
    };
    const started = async (): Promise<ConsumerHost> => {
      const one = host(store, bus, [countingConsumer(store)], { clockSkewMs: 0 });
      hosts.push(one);
      await one.start();
      return one;
    };
    const untilApplied = (effects: number) =>
      waitFor(
        () => readSums(store),
        (sums) => sums.effects >= effects,
        150_000,
      );

    const all = Array.from({ length: EVENTS }, (_, index) => {
      const number = Math.floor(index / KEYS) + 1;
      return addition({ counterId: `k${index % KEYS}`, amount: 1, number });
    });

    it(`${EVENTS} events take effect once each, although many come twice and late, and members die`, async () => {
      await started();
      if (isReal) await Promise.all([startMember('consume.applied'), startMember('consume.committed')]);
      else await started();
      const before = Date.now();
      for (let start = 0; start < EVENTS; start += 250) {
        await bus.publish(TOPIC, all.slice(start, start + 250));
        // Once more: what was just published, and something of long ago, in another order.
        await bus.publish(TOPIC, all.slice(start, start + 50));
        await bus.publish(
          TOPIC,
          all
            .slice(0, start)
            .filter((_, index) => index % 97 === 0)
            .toReversed(),
        );
        if (start === 1_500) await hosts[1]?.close();
      }
      await untilApplied(EVENTS);
      await waitFor(
        () => bus.lag(TOPIC, 'counting'),
        (lag) => lag === 0,
        60_000,
      );
      // Each died by its own hand, with an event in it.
      for (const child of children) expect([child.signal, child.output]).toEqual(['SIGKILL', 'ready\n']);
      const sums = await readSums(store);
      expect(sums).toEqual({ effects: EVENTS, doubled: 0, total: EVENTS, disorder: 0 });
      process.stdout.write(`${name}: ${EVENTS} events and their repetitions in ${Date.now() - before} ms, ${JSON.stringify(sums)}\n`);
    }, 240_000);

    it('starts over from a point in time, while two hosts read and events go on', async () => {
      const [first] = hosts;
      await started();
      await sleep(50);
      const since = Date.now();
      await sleep(50);
      const later = Array.from({ length: 400 }, (_, index) =>
        addition({ counterId: `k${index % KEYS}`, amount: 1, number: EVENTS + 1 + Math.floor(index / KEYS) }),
      );
      await bus.publish(TOPIC, later.slice(0, 200));
      await untilApplied(EVENTS + 200);
      const replaying = first?.replay('counting', since);
      for (let start = 200; start < 400; start += 50) await bus.publish(TOPIC, later.slice(start, start + 50));
      const result = await replaying;
      await untilApplied(EVENTS + 400);
      await waitFor(
        () => bus.lag(TOPIC, 'counting.2'),
        (lag) => lag === 0,
        60_000,
      );
      expect(await readSums(store)).toEqual({ effects: EVENTS + 400, doubled: 0, total: EVENTS + 400, disorder: 0 });
      expect(result?.since).toBe(since);
      expect(await bus.lag(TOPIC, 'counting')).toBe(0);
      expect(await readConsumers(store)).toMatchObject([{ generation: 2, dead: 0, lost: 0 }]);
    }, 120_000);
  });
}
