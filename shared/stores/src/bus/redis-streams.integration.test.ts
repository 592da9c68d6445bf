import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { FaultProxy, leaveOutWithout, realStore } from '@loomgraph/testing';
import { deleteRedisKeys } from '../cache/redis-cleanup.js';
import { parseRedisUrl } from '../cache/redis-url.js';
import type { BusMessage, DeliveredMessage } from './port.js';
import { Recorder } from './recorder.js';
import { createRedisStreamsBus, type RedisStreamsBus, type RedisStreamsBusOptions } from './redis-streams.js';

const url = realStore('REDIS_URL');
const message = (key: string, messageId: string = randomUUID()): BusMessage => ({ messageId, key, body: '1', headers: {} });

if (url) {
  describe('RedisStreamsBus', () => {
    const prefix = `test-${randomUUID()}:`;
    const { host, port } = parseRedisUrl(url).addresses[0] ?? { host: '127.0.0.1', port: 6379 };
    const stack: AsyncDisposable[] = [];
    const open = (options: Partial<RedisStreamsBusOptions> = {}): RedisStreamsBus => {
      const bus = createRedisStreamsBus({
        url,
        prefix,
        partitions: 4,
        leaseMs: 900,
        retry: { minDelayMs: 5 },
        commandTimeoutMs: 5_000,
        ...options,
      });
      stack.push(bus);
      return bus;
    };
    const proxied = async (): Promise<FaultProxy> => {
      const proxy = await FaultProxy.before({ host, port });
      stack.push(proxy);
      return proxy;
    };
    const recording = async (
      bus: RedisStreamsBus,
      topic: string,
      also: (delivered: DeliveredMessage) => Promise<void> = async () => undefined,
    ) => {
      const recorder = new Recorder();
      await bus.subscribe({
        topic,
        group: 'g',
        concurrency: 4,
        handler: async (delivered) => {
          await also(delivered);
          recorder.add(delivered);
        },
      });
      return recorder;
    };
    afterEach(async () => {
      for (const opened of stack.splice(0).toReversed()) await opened[Symbol.asyncDispose]();
      await deleteRedisKeys(url, prefix);
    });

    it('2: what a member has in hand when it is cut off goes to another, as a second attempt', async () => {
      const proxy = await proxied();
      const cutOff = open({ url: `redis://127.0.0.1:${proxy.port}` });
      const other = open();
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      let started = (): void => undefined;
      const isStarted = new Promise<void>((resolve) => {
        started = resolve;
      });
      await recording(cutOff, 'cut', () => {
        started();
        return released;
      });
      const sent = Array.from({ length: 8 }, (_, index) => message(`k${index}`));
      await other.publish('cut', sent);
      await isStarted;
      await proxy.refuse();
      const recorder = await recording(other, 'cut');
      await recorder.untilCount(8);
      expect(new Set(recorder.messages.map(({ messageId }) => messageId))).toEqual(new Set(sent.map(({ messageId }) => messageId)));
      expect(new Set(recorder.messages.map(({ attempt }) => attempt))).toEqual(new Set([2]));
      release();
    });

    it('8: publish rejects while the server is away, and subscriptions go on once it is back', async () => {
      const proxy = await proxied();
      const bus = open({ url: `redis://127.0.0.1:${proxy.port}` });
      const recorder = await recording(bus, 'away');
      await bus.publish('away', [message('a')]);
      await recorder.untilCount(1);
      const restore = await proxy.refuse();
      await expect(bus.publish('away', [message('a')])).rejects.toMatchObject({ name: 'StoreError', kind: 'unavailable' });
      expect(await bus.health()).toMatchObject({ ok: false });
      await sleep(1_000);
      await restore();
      const sent = message('a');
      await open().publish('away', [sent]);
      await recorder.untilSeen(sent.messageId);
    });

    it('8: a server that holds its answers is a timeout', async () => {
      const proxy = await proxied();
      const bus = open({ url: `redis://127.0.0.1:${proxy.port}`, commandTimeoutMs: 400 });
      await bus.publish('held', [message('a')]);
      const letGo = proxy.hold();
      const startedAt = performance.now();
      await expect(bus.publish('held', [message('a')])).rejects.toMatchObject({ name: 'StoreError', kind: 'timeout' });
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      letGo();
    });

    it('goes on after the server lost its data', async () => {
      const bus = open();
      const recorder = await recording(bus, 'lost');
      await bus.publish('lost', [message('a')]);
      await recorder.untilCount(1);
      await deleteRedisKeys(url, prefix);
      await bus.publish('lost', [message('a'), message('b')]);
      await recorder.untilCount(3);
    });

    const publishMany = async (bus: RedisStreamsBus, topic: string, count: number): Promise<void> => {
      for (let sent = 0; sent < count; sent += 500)
        await bus.publish(
          topic,
          Array.from({ length: 500 }, () => message('k')),
        );
    };

    it('9: trims what every group has handled to about retainMessages, and knows how far back it can go', async () => {
      const bus = open({ partitions: 1, retainMessages: 200, maxMessages: null });
      const recorder = await recording(bus, 'trim');
      expect(await bus.heldSince('trim')).toBe(0);
      await publishMany(bus, 'trim', 2_000);
      await recorder.untilCount(2_000);
      const startedAt = Date.now();
      while ((await bus.lag('trim', 'g')) > 0) await sleep(10);
      await publishMany(bus, 'trim', 500);
      const redis = new Redis(url);
      expect(await redis.xlen(`${prefix}{trim}:0`)).toBeLessThanOrEqual(701);
      expect(await bus.heldSince('trim')).toBeGreaterThan(startedAt - 60_000);
      expect(await bus.takeLost('trim', 'g')).toBe(0);
      await redis.quit();
    });

    it('9: keeps what the slowest group needs', async () => {
      const bus = open({ partitions: 1, retainMessages: 100, maxMessages: null });
      const slow = await bus.subscribe({ topic: 'slow', group: 'slow', handler: () => Promise.reject(new Error('not now')) });
      await bus.publish('slow', [message('k')]);
      await sleep(100);
      await slow.close();
      const quick = await recording(bus, 'slow');
      await publishMany(bus, 'slow', 3_000);
      await quick.untilCount(3_000);
      expect(await bus.lag('slow', 'slow')).toBe(3_001);
      expect(await bus.takeLost('slow', 'slow')).toBe(0);
    });

    it('9: beyond maxMessages the oldest go unseen, and the group is told how many', async () => {
      const bus = open({ partitions: 1, retainMessages: 100, maxMessages: 1_000 });
      const slow = await bus.subscribe({ topic: 'beyond', group: 'slow', handler: async () => undefined });
      await slow.close();
      await publishMany(bus, 'beyond', 3_000);
      const lost = await bus.takeLost('beyond', 'slow');
      expect(lost).toBeGreaterThanOrEqual(1_990);
      expect(lost + (await bus.lag('beyond', 'slow'))).toBe(3_000);
      expect(await bus.takeLost('beyond', 'slow')).toBe(0);
      const left = 3_000 - lost;
      const recorder = new Recorder();
      await bus.subscribe({ topic: 'beyond', group: 'slow', handler: async (delivered) => recorder.add(delivered) });
      await recorder.untilCount(left);
      while ((await bus.lag('beyond', 'slow')) > 0) await sleep(10);
    });

    it('keeps the partitions a topic began with', async () => {
      await open({ partitions: 2 }).publish('shape', [message('a')]);
      const wide = open({ partitions: 16 });
      await wide.publish(
        'shape',
        Array.from({ length: 40 }, (_, index) => message(`k${index}`)),
      );
      const redis = new Redis(url);
      expect((await redis.keys(`${prefix}{shape}:*`)).toSorted()).toEqual([0, 1, 'meta'].map((name) => `${prefix}{shape}:${name}`));
      await redis.quit();
    });

    it('counts lag by hand where Redis cannot', async () => {
      const bus = open({ partitions: 1 });
      const recorder = await recording(bus, 'count');
      await bus.publish('count', [message('a')]);
      await recorder.untilCount(1);
      await bus.close();
      const after = open();
      await after.publish(
        'count',
        Array.from({ length: 5 }, () => message('a')),
      );
      const redis = new Redis(url);
      const stream = `${prefix}{count}:0`;
      const [, second] = await redis.xrange(stream, '-', '+', 'COUNT', 2);
      await redis.xdel(stream, second?.[0] ?? '');
      expect(await after.lag('count', 'g')).toBe(4);
      await redis.quit();
    });

    it('balances partitions over members, and an entry that is no message blocks nobody', async () => {
      const [one, two] = [open(), open()];
      const [left, right] = [await recording(one, 'share'), await recording(two, 'share')];
      const redis = new Redis(url);
      await redis.xadd(`${prefix}{share}:0`, '*', 'foreign', 'entry');
      while (left.messages.length === 0 || right.messages.length === 0) {
        await one.publish(
          'share',
          Array.from({ length: 16 }, (_, index) => message(`k${index}`)),
        );
        await sleep(20);
      }
      const holders = await redis.mget([0, 1, 2, 3].map((partition) => `${prefix}{share}:lease:g:${partition}`));
      expect(new Set(holders).size).toBe(2);
      await redis.quit();
    });
  });
}

leaveOutWithout('REDIS_URL', it);
