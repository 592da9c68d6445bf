import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { FaultProxy, leaveOutWithout, realStore } from '@loomgraph/testing';
import { deleteRedisKeys } from './redis-cleanup.js';
import { parseRedisUrl } from './redis-url.js';
import { createRedisCache, type RedisCache } from './redis.js';

const url = realStore('REDIS_URL');

/** Tries until it succeeds: the client reconnects in its own time. */
async function eventually<T>(attempt: () => Promise<T>, withinMs = 5_000): Promise<T> {
  for (const deadline = Date.now() + withinMs; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

async function timed(call: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const startedAt = performance.now();
  const error = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return { error, ms: performance.now() - startedAt };
}

if (url) {
  describe('RedisCache when the server goes (clause 9)', () => {
    const prefix = `test-${randomUUID()}:`;
    let proxy: FaultProxy;
    let cache: RedisCache;
    beforeEach(async () => {
      const { host, port } = parseRedisUrl(url).addresses[0] ?? { host: '127.0.0.1', port: 6379 };
      proxy = await FaultProxy.before({ host, port });
      cache = createRedisCache({ url: `redis://127.0.0.1:${proxy.port}`, prefix, connectTimeoutMs: 500, commandTimeoutMs: 500 });
      await cache.set('warm', 1);
    });
    afterEach(async () => {
      await cache.close();
      await proxy[Symbol.asyncDispose]();
    });
    afterAll(() => deleteRedisKeys(url, prefix));

    it('9: rejects at once while connections are refused, and works again after', async () => {
      const restore = await proxy.refuse();
      await timed(cache.get('warm'));
      const { error, ms } = await timed(cache.get('warm'));
      expect(error).toMatchObject({ name: 'StoreError', kind: 'unavailable', code: 'STORE_UNAVAILABLE' });
      expect((error as Error).cause).toHaveProperty('message');
      expect(ms).toBeLessThan(3_000);
      expect(await cache.health()).toMatchObject({ ok: false });
      await restore();
      expect(await eventually(() => cache.get('warm'))).toBe(1);
    });

    it('9: times out while the server holds the connection, and works again after', async () => {
      const letGo = proxy.hold();
      const { error, ms } = await timed(cache.get('warm'));
      expect(error).toMatchObject({ name: 'StoreError', kind: 'timeout', code: 'STORE_TIMEOUT' });
      expect(ms).toBeLessThan(3_000);
      // Longer than the socket timeout: the client must give the dead connection up by itself.
      await sleep(1_200);
      const { error: second } = await timed(cache.get('warm'));
      expect(second).toMatchObject({ name: 'StoreError' });
      letGo();
      proxy.cut();
      expect(await eventually(() => cache.get('warm'))).toBe(1);
    });

    it('9: a write that was given up while the server was away is not sent when it returns', async () => {
      const restore = await proxy.refuse();
      await Promise.all(Array.from({ length: 20 }, () => timed(cache.increment('late'))));
      await restore();
      await eventually(() => cache.get('warm'));
      expect(await cache.get('late')).toBeUndefined();
    });

    it('9: an increment whose connection breaks counts at most once', async () => {
      for (let round = 0; round < 5; round += 1) {
        const calls = Array.from({ length: 20 }, () => timed(cache.increment(`once/${round}`)));
        proxy.cut();
        await Promise.all(calls);
        expect(Number((await eventually(() => cache.get(`once/${round}`))) ?? 0)).toBeLessThanOrEqual(20);
      }
    });

    it('rejects within its deadline when no server was ever there', async () => {
      await using lonely = createRedisCache({ url: 'redis://127.0.0.1:1', prefix, commandTimeoutMs: 500 });
      const { error, ms } = await timed(lonely.get('a'));
      expect(error).toMatchObject({ kind: 'unavailable' });
      expect(ms).toBeLessThan(3_000);
    });
  });

  describe('RedisCache keys', () => {
    const prefix = `test-${randomUUID()}:`;
    let cache: RedisCache;
    let redis: Redis;
    beforeAll(() => {
      cache = createRedisCache({ url, prefix });
      redis = new Redis(url);
    });
    afterAll(async () => {
      await cache.close();
      await redis.quit();
      await deleteRedisKeys(url, prefix);
    });

    it('4: tag sets and indexes go with their entries', async () => {
      await cache.set('a', 1, { ttlMs: 100, tags: ['t'] });
      await cache.set('b', 1, { tags: ['u'] });
      await cache.setIfNewer('c', { revision: 1, fingerprint: '', value: 1 }, { ttlMs: 100, tags: ['t'] });
      await cache.delete('b');
      await sleep(200);
      await cache.setIfNewer('d', { revision: 1, fingerprint: '', value: 1 });
      await cache.delete('d');
      expect(await redis.keys(`${prefix}*`)).toEqual([]);
    });

    it('5: sees what was changed behind its back, and stores over it', async () => {
      const key = (name: string) => `${prefix}{0}v:${name}`;
      const names = ['value', 'fingerprint', 'cut', 'text', 'list', 'whole'];
      const entry = { revision: 4, fence: 2, fingerprint: 'f', value: { name: 'A name' } };
      await Promise.all(names.map((name) => cache.setIfNewer(`c/${name}`, entry, { tags: ['t'] })));
      const raw = (await redis.get(key('c/value'))) ?? '';
      await redis.set(key('c/value'), raw.replace('A name', 'B name'));
      await redis.set(key('c/fingerprint'), raw.replace('"f"', '"g"'));
      await redis.set(key('c/cut'), raw.slice(0, -3));
      await redis.set(key('c/text'), 'no entry at all');
      await redis.del(key('c/list'));
      await redis.lpush(key('c/list'), 'x');
      const seen = await cache.scanFenced('c/', { limit: 9, verify: true });
      expect(seen.map(({ id, revision, intact }) => [id.slice(2), revision, intact])).toEqual([
        ['cut', 4, false],
        ['fingerprint', 4, false],
        ['list', 0, false],
        ['text', 0, false],
        ['value', 4, false],
        ['whole', 4, true],
      ]);
      for (const { id, revision, fence } of seen.slice(0, 5)) {
        const repair = { ...entry, fence: 3, replaces: { revision, fence } };
        expect(await cache.setIfNewer(id, { ...repair, replaces: { revision, fence: 9 } })).toBe(false);
        expect(await cache.setIfNewer(id, repair)).toBe(true);
      }
      expect((await cache.scanFenced('c/', { limit: 9, verify: true })).every(({ intact }) => intact)).toBe(true);
      await cache.delete(...names.map((name) => `c/${name}`));
    });

    it('5: fences entries from before fences and checksums, and does not know whether they are intact', async () => {
      await cache.setIfNewer('old', { revision: 1, fingerprint: 'f', value: 1 });
      await redis.set(`${prefix}{0}v:old`, 'F\t4\t"f"\t["t"]\n{"name":"Old"}');
      const entry = { revision: 4, fence: 0, fingerprint: 'f' };
      expect(await cache.getFenced('old')).toEqual({ ...entry, value: { name: 'Old' } });
      expect(await cache.fencedEntries(['old'], { verify: true })).toEqual([{ id: 'old', ...entry, deleted: false }]);
      expect(await cache.setIfNewer('old', { ...entry, value: 'same' })).toBe(false);
      expect(await cache.setIfNewer('old', { ...entry, revision: 3, fence: 9, value: 'late' })).toBe(false);
      expect(await cache.setIfNewer('old', { ...entry, fence: 1, value: 'new' })).toBe(true);
      expect(await cache.fencedEntries(['old'], { verify: true })).toMatchObject([{ fence: 1, intact: true }]);
      await cache.delete('old');
    });

    it('a key that holds something else is corrupt', async () => {
      await redis.set(`${prefix}{0}v:foreign`, 'plain text');
      await redis.lpush(`${prefix}{0}v:list`, 'x');
      await expect(cache.get('foreign')).rejects.toMatchObject({ name: 'StoreError', kind: 'corrupt' });
      await expect(cache.get('list')).rejects.toMatchObject({ name: 'StoreError', kind: 'corrupt' });
      await expect(cache.getFenced('foreign')).rejects.toMatchObject({ name: 'StoreError', kind: 'corrupt' });
    });

    it('refuses a prefix with braces', () => {
      expect(() => createRedisCache({ url, prefix: 'a{b}' })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    });
  });
}

leaveOutWithout('REDIS_URL', it);
