import { randomUUID } from 'node:crypto';
import { Admin } from '@platformatic/kafka';
import { leaveOutWithout, realStore } from '@loomgraph/testing';
import { deleteKafkaNames } from './kafka-cleanup.js';
import { parseKafkaUrl } from './kafka-url.js';
import { createKafkaBus, type KafkaBus } from './kafka.js';
import type { BusMessage } from './port.js';
import { Recorder } from './recorder.js';

const url = realStore('KAFKA_URL');

if (url) {
  describe('KafkaBus', () => {
    const prefix = `test-${randomUUID()}.`;
    const buses: KafkaBus[] = [];
    const open = (): KafkaBus => {
      const bus = createKafkaBus({ url, prefix, partitions: 1, sessionTimeoutMs: 6_000 });
      buses.push(bus);
      return bus;
    };
    const message = (key: string): BusMessage => ({ messageId: randomUUID(), key, body: '1', headers: {} });
    afterAll(async () => {
      await Promise.all(buses.map((bus) => bus.close()));
      await deleteKafkaNames(url, prefix);
    }, 30_000);

    it('9: what retention takes from a group is counted once, and the group goes on with what is left', async () => {
      const bus = open();
      await (await bus.subscribe({ topic: 'short', group: 'g', handler: async () => undefined })).close();
      await bus.publish(
        'short',
        Array.from({ length: 10 }, () => message('k')),
      );
      expect([await bus.takeLost('short', 'g'), await bus.lag('short', 'g'), await bus.heldSince('short')]).toEqual([0, 10, 0]);
      const admin = new Admin({ ...parseKafkaUrl(url), clientId: 'retention' });
      await admin.deleteRecords({ topics: [{ name: `${prefix}short`, partitions: [{ partition: 0, offset: 6n }] }] });
      await admin.close();
      expect([await bus.takeLost('short', 'g'), await bus.takeLost('short', 'g'), await bus.lag('short', 'g')]).toEqual([6, 0, 4]);
      expect(await bus.heldSince('short')).toBeGreaterThan(Date.now() - 60_000);
      const recorder = new Recorder();
      const subscription = await bus.subscribe({ topic: 'short', group: 'g', handler: async (delivered) => recorder.add(delivered) });
      await recorder.untilCount(4);
      await subscription.close();
      expect([await bus.takeLost('short', 'g'), await bus.lag('short', 'g')]).toEqual([0, 0]);
    }, 60_000);

    it('keys go where other clients put them: one key, one partition, in order', async () => {
      const bus = createKafkaBus({ url, prefix, partitions: 6, sessionTimeoutMs: 6_000 });
      buses.push(bus);
      const sent = Array.from({ length: 300 }, (_, index) => ({ ...message(`k${index % 10}`), body: String(index) }));
      // Several publications at once: the idempotent producer numbers its batches per partition.
      await Promise.all([0, 1, 2].map((third) => bus.publish('keyed', sent.slice(third * 100, third * 100 + 100))));
      const recorder = new Recorder();
      await bus.subscribe({
        topic: 'keyed',
        group: 'g',
        from: 'earliest',
        concurrency: 4,
        handler: async (delivered) => recorder.add(delivered),
      });
      await recorder.untilCount(300);
      expect(new Set(recorder.messages.map(({ messageId }) => messageId)).size).toBe(300);
      for (let key = 0; key < 10; key += 1) {
        const bodies = recorder.messages.filter((delivered) => delivered.key === `k${key}`).map(({ body }) => Number(body));
        for (let third = 0; third < 3; third += 1) {
          const ofOne = bodies.filter((body) => Math.floor(body / 100) === third);
          expect(ofOne).toEqual(ofOne.toSorted((left, right) => left - right));
        }
      }
    }, 60_000);
  });
}

leaveOutWithout('KAFKA_URL', it);
