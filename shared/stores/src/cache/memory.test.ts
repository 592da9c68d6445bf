import { describeCacheContract } from './contract.js';
import { createMemoryCache } from './memory.js';

describeCacheContract({
  name: 'memory',
  create: async () => {
    let nowMs = Date.UTC(2024, 0, 1);
    const clock = { now: () => new Date(nowMs) };
    const cache = createMemoryCache({ clock });
    return {
      cache,
      passTime: async (ms) => {
        nowMs += ms;
      },
      reopen: async () => createMemoryCache({ clock }),
      [Symbol.asyncDispose]: () => cache.close(),
    };
  },
});

describe('MemoryCache', () => {
  it('drops the least recently used entry beyond maxEntries, its tags with it', async () => {
    await using cache = createMemoryCache({ maxEntries: 2 });
    await cache.set('a', 1, { tags: ['t'] });
    await cache.set('b', 2, { tags: ['t'] });
    await cache.get('a');
    await cache.set('c', 3);
    expect(await cache.getMany(['a', 'b', 'c'])).toEqual([1, undefined, 3]);
    expect(await cache.deleteByTag('t')).toBe(1);
  });

  it('forgets locks that expired, however many names there were', async () => {
    let nowMs = 0;
    await using cache = createMemoryCache({ clock: { now: () => new Date(nowMs) } });
    for (let name = 0; name < 3_000; name += 1) {
      nowMs += 2;
      expect(await cache.acquireLock(`n${name}`, 1)).not.toBeNull();
    }
  });
});
