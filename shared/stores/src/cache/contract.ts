import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectOneWinner, expectTheRule, type OrderedStore } from '../vectors/order.contract.js';
import type { Cache } from './port.js';

/** A cache under test. Keys of one harness must not meet those of another run. */
export interface CacheHarness extends AsyncDisposable {
  readonly cache: Cache;
  /** Lets time pass for the cache: moves its clock, or waits. */
  passTime(ms: number): Promise<void>;
  /** A second cache of the same backend and prefix, which the suite closes. */
  reopen(): Promise<Cache>;
}

export interface CacheContract {
  readonly name: string;
  readonly create: () => Promise<CacheHarness>;
  readonly unsupported?: readonly { readonly clause: string; readonly reason: string }[];
}

/** The clauses of `Cache`, run against one adapter. */
export function describeCacheContract({ name, create, unsupported = [] }: CacheContract): void {
  const clause = (title: string, test: () => Promise<void>): void => {
    const gap = unsupported.find((entry) => title.startsWith(`${entry.clause}:`));
    it(gap ? `${title} [not offered: ${gap.reason}]` : title, gap ? async () => undefined : test);
  };

  describe(`Cache contract: ${name}`, () => {
    let harness: CacheHarness;
    let cache: Cache;
    let passTime: CacheHarness['passTime'];
    beforeAll(async () => {
      harness = await create();
      ({ cache } = harness);
      passTime = (ms) => harness.passTime(ms);
    });
    afterAll(async () => {
      await harness[Symbol.asyncDispose]();
    });

    clause('1: an absent key is undefined, a stored null is null, and a value comes back equal but not the same', async () => {
      const value = { title: '简历 📄', list: [1, 'a\tb\n', null], nested: { at: '2024' } };
      await cache.set('one/value', value);
      await cache.set('one/null', null);
      expect(await cache.get('one/absent')).toBeUndefined();
      expect(await cache.get('one/null')).toBeNull();
      const first = await cache.get<typeof value>('one/value');
      expect(first).toEqual(value);
      first?.list.push('mine');
      value.nested.at = 'changed';
      expect(await cache.get('one/value')).toEqual({ title: '简历 📄', list: [1, 'a\tb\n', null], nested: { at: '2024' } });
    });

    clause('1: delete answers how many keys were there', async () => {
      await cache.set('one/d1', 1);
      await cache.set('one/d2', '');
      expect(await cache.delete('one/d1', 'one/d2', 'one/d3', 'one/d1')).toBe(2);
      expect(await cache.get('one/d2')).toBeUndefined();
      expect(await cache.delete()).toBe(0);
    });

    clause('2: an entry goes with its ttl, stays without one, and a new set starts a new ttl', async () => {
      await cache.set('two/short', 1, { ttlMs: 300 });
      await cache.set('two/kept', 1, { ttlMs: 300 });
      await cache.set('two/kept', 2);
      await cache.set('two/long', 1, { ttlMs: 60_000 });
      expect(await cache.get('two/short')).toBe(1);
      await passTime(1_300);
      expect(await cache.getMany(['two/short', 'two/kept', 'two/long'])).toEqual([undefined, 2, 1]);
    });

    clause('3: getMany answers in the order of the keys, repeated and absent ones included', async () => {
      const keys = Array.from({ length: 40 }, (_, index) => `three/${index}`);
      await Promise.all(keys.map((key, index) => cache.set(key, index)));
      const asked = ['three/7', 'three/absent', ...keys.toReversed(), 'three/7'];
      expect(await cache.getMany(asked)).toEqual([7, undefined, ...keys.map((_, index) => index).toReversed(), 7]);
      expect(await cache.getMany([])).toEqual([]);
    });

    clause('4: deleteByTag removes what was last set with the tag, and answers how many', async () => {
      const keys = Array.from({ length: 30 }, (_, index) => `four/${index}`);
      await Promise.all(keys.map((key) => cache.set(key, 1, { tags: ['four:all', 'four:b\t"x"'] })));
      await cache.set('four/0', 2);
      await cache.set('four/1', 2, { tags: ['four:other'] });
      await cache.set('four/2', 2, { tags: ['four:all'] });
      await cache.delete('four/3');
      expect(await cache.deleteByTag('four:all', 'four:b\t"x"')).toBe(27);
      expect(await cache.getMany(keys.slice(0, 5))).toEqual([2, 2, undefined, undefined, undefined]);
      expect(await cache.deleteByTag('four:all')).toBe(0);
      expect(await cache.deleteByTag('four:other', 'four:unknown')).toBe(1);
    });

    clause('4: an entry that expired does not count, and one that outlives others of its tag still does', async () => {
      await cache.set('four/gone', 1, { ttlMs: 100, tags: ['four:ttl'] });
      await cache.set('four/stays', 1, { tags: ['four:ttl'] });
      await cache.set('four/renewed', 1, { ttlMs: 100, tags: ['four:ttl'] });
      await cache.set('four/renewed', 1, { ttlMs: 60_000, tags: ['four:ttl'] });
      await passTime(1_200);
      expect(await cache.deleteByTag('four:ttl')).toBe(2);
    });

    clause('4: more entries than one batch deletes', async () => {
      await Promise.all(Array.from({ length: 1_200 }, (_, index) => cache.set(`four/many/${index}`, index, { tags: ['four:many'] })));
      expect(await cache.deleteByTag('four:many')).toBe(1_200);
    });

    clause('5: setIfNewer stores what is ahead only', async () => {
      const entry = (revision: number, value: unknown) => ({ revision, fence: 0, fingerprint: `f${revision}`, value });
      expect(await cache.setIfNewer('five/a', entry(2, 'two'))).toBe(true);
      expect(await cache.setIfNewer('five/a', entry(1, 'one'))).toBe(false);
      expect(await cache.setIfNewer('five/a', entry(2, 'again'))).toBe(false);
      expect(await cache.get('five/a')).toBe('two');
      expect(await cache.setIfNewer('five/a', entry(10, { ten: true }))).toBe(true);
      expect(await cache.getFenced('five/a')).toEqual(entry(10, { ten: true }));
      expect(await cache.getFenced('five/absent')).toBeUndefined();
    });

    // Prevents: a zombie that writes what it derived before the content changed and changed back, since the fence stayed where it was.
    clause('5: at an equal revision the greater fence stays, with equal content too', async () => {
      const entry = (fence: number, fingerprint: string) => ({ revision: 1, fence, fingerprint, value: fingerprint });
      expect(await cache.setIfNewer('five/fence', entry(1, 'a'))).toBe(true);
      expect(await cache.setIfNewer('five/fence', entry(3, 'a'))).toBe(true);
      expect(await cache.setIfNewer('five/fence', entry(2, 'zombie'))).toBe(false);
      expect(await cache.setIfNewer('five/fence', entry(3, 'a'))).toBe(false);
      expect(await cache.setIfNewer('five/fence', entry(3, 'b'))).toBe(true);
      expect(await cache.getFenced('five/fence')).toEqual(entry(3, 'b'));
    });

    clause('5: takes the entries that the rule takes, one after the other and all at once', async () => {
      const ordered = (handle: Cache): OrderedStore => ({
        write: async ({ id, deleted, ...write }) =>
          (await handle.setIfNewer(id, { ...write, value: deleted ? undefined : { is: write.fingerprint } })) ? 'applied' : 'fenced',
        entries: (ids) => handle.fencedEntries(ids),
      });
      await expectTheRule(ordered(cache), ['five/r1', 'five/r2', 'five/r3'], 200);
      await expectOneWinner([ordered(cache)], ['five/o1', 'five/o2', 'five/o3']);
    });

    clause('5: fencedEntries answers what is stored, in the order of the keys, and that it is intact', async () => {
      await cache.setIfNewer('five/e1', { revision: 2, fence: 4, fingerprint: 'é\t"', value: { text: 'a\nb' } }, { tags: ['five:e'] });
      await cache.setIfNewer('five/e2', { revision: 3, fingerprint: '', value: undefined });
      await cache.setIfNewer('five/e3', { revision: 1, fingerprint: '', value: null });
      await cache.set('five/plain', 1);
      const keys = ['five/e2', 'five/plain', 'five/nobody', 'five/e1', 'five/e3'];
      const expected = [
        { id: 'five/e2', revision: 3, fence: 0, fingerprint: '', deleted: true },
        null,
        null,
        { id: 'five/e1', revision: 2, fence: 4, fingerprint: 'é\t"', deleted: false },
        { id: 'five/e3', revision: 1, fence: 0, fingerprint: '', deleted: false },
      ];
      expect(await cache.fencedEntries(keys)).toEqual(expected);
      const verified = expected.map((entry) => entry && { ...entry, intact: true });
      expect(await cache.fencedEntries(keys, { verify: true })).toEqual(verified);
      expect(await cache.scanFenced('five/e', { limit: 9, verify: true })).toEqual([verified[3], verified[0], verified[4]]);
      expect(await cache.fencedEntries([])).toEqual([]);
    });

    clause('5: of many concurrent writers the greatest revision stays', async () => {
      const revisions = Array.from({ length: 50 }, (_, index) => (index * 37) % 50);
      const stored = await Promise.all(
        revisions.map((revision) => cache.setIfNewer('five/race', { revision, fingerprint: '', value: revision })),
      );
      expect(stored.filter(Boolean).length).toBeGreaterThan(0);
      expect(await cache.get('five/race')).toBe(49);
    });

    clause('5: a tombstone reads as absent and refuses older revisions while it lives', async () => {
      await cache.setIfNewer('five/t', { revision: 3, fingerprint: 'x', value: 'three' });
      expect(await cache.setIfNewer('five/t', { revision: 4, fingerprint: '', value: undefined }, { ttlMs: 400 })).toBe(true);
      expect(await cache.get('five/t')).toBeUndefined();
      expect(await cache.getMany(['five/t'])).toEqual([undefined]);
      expect(await cache.getFenced('five/t')).toEqual({ revision: 4, fence: 0, fingerprint: '', value: undefined });
      expect(await cache.setIfNewer('five/t', { revision: 3, fingerprint: 'x', value: 'late' })).toBe(false);
      await passTime(1_400);
      expect(await cache.setIfNewer('five/t', { revision: 3, fingerprint: 'x', value: 'late' })).toBe(true);
    });

    clause('5: set and delete lift the fence, and a plain entry has none', async () => {
      await cache.setIfNewer('five/p', { revision: 9, fingerprint: '', value: 1 }, { tags: ['five:tag'] });
      await cache.set('five/p', 'plain');
      expect(await cache.getFenced('five/p')).toBeUndefined();
      expect(await cache.deleteByTag('five:tag')).toBe(0);
      expect(await cache.setIfNewer('five/p', { revision: 1, fingerprint: '', value: 2 })).toBe(true);
      await cache.delete('five/p');
      expect(await cache.setIfNewer('five/p', { revision: 1, fingerprint: '', value: 3 })).toBe(true);
    });

    clause('5: scanFenced pages through the fenced entries of a prefix in byte order', async () => {
      const names = ['b', 'a', 'a-b', 'a/b', 'z', '简', '\u{1F4C4}', '\uFFE5', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9'];
      const keys = names.map((name) => `scan:${name}`);
      await Promise.all(keys.map((key, revision) => cache.setIfNewer(key, { revision, fingerprint: key, value: revision || undefined })));
      await cache.set('scan:plain', 1);
      await cache.setIfNewer('scan:gone', { revision: 1, fingerprint: '', value: 1 });
      await cache.delete('scan:gone');
      await cache.setIfNewer('scan:turned', { revision: 1, fingerprint: '', value: 1 });
      await cache.set('scan:turned', 1);
      await cache.setIfNewer('scan:expired', { revision: 1, fingerprint: '', value: 1 }, { ttlMs: 50 });
      await cache.setIfNewer('scan;outside', { revision: 1, fingerprint: '', value: 1 });
      await passTime(1_100);
      const sorted = keys.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
      const seen: string[] = [];
      for (let after: string | undefined, page = 0; page < 10; page += 1) {
        const found = await cache.scanFenced('scan:', { limit: 5, ...(after !== undefined && { after }) });
        seen.push(...found.map(({ id }) => id));
        for (const { id, ...entry } of found)
          expect(entry).toEqual({ revision: keys.indexOf(id), fence: 0, fingerprint: id, deleted: keys.indexOf(id) === 0 });
        if (found.length < 5) break;
        after = found.at(-1)?.id;
      }
      expect(seen).toEqual(sorted);
      expect(await cache.scanFenced('scan:', { after: 'a', limit: 1 })).toMatchObject([{ id: sorted[0] }]);
      expect(await cache.scanFenced('scan:', { after: 'zzz', limit: 3 })).toEqual([]);
      expect((await cache.scanFenced('', { limit: 100 })).map(({ id }) => id)).toEqual(expect.arrayContaining(sorted));
    });

    clause('6: increment is atomic, starts at 0, and reads as an entry', async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, () => cache.increment('six/n')));
      expect(answers.toSorted((left, right) => left - right)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
      expect(await cache.increment('six/n', -60)).toBe(-10);
      expect(await cache.increment('six/n', 0)).toBe(-10);
      expect(await cache.get('six/n')).toBe(-10);
      expect(await cache.delete('six/n')).toBe(1);
      expect(await cache.increment('six/n', 5)).toBe(5);
      await cache.set('six/set', 40, { tags: ['six:tag'] });
      expect(await cache.increment('six/set', 2)).toBe(42);
      expect(await cache.deleteByTag('six:tag')).toBe(1);
    });

    clause('6: the ttl of a counter counts from its creation', async () => {
      await cache.increment('six/ttl', 1, { ttlMs: 1_500 });
      await passTime(1_000);
      expect(await cache.increment('six/ttl', 1, { ttlMs: 1_500 })).toBe(2);
      await passTime(1_500);
      expect(await cache.increment('six/ttl', 1, { ttlMs: 1_500 })).toBe(1);
    });

    clause('6: an entry that is no number is a constraint error', async () => {
      await cache.set('six/text', '7');
      await cache.setIfNewer('six/fenced', { revision: 1, fingerprint: '', value: 7 });
      await expect(cache.increment('six/text')).rejects.toMatchObject({ name: 'StoreError', kind: 'constraint' });
      await expect(cache.increment('six/fenced')).rejects.toMatchObject({ name: 'StoreError', kind: 'constraint' });
    });

    clause('7: one of many gets the lock; a released lock is free and its token rises', async () => {
      const tries = await Promise.all(Array.from({ length: 20 }, () => cache.acquireLock('seven/a', 60_000)));
      const won = tries.filter((lock) => lock !== null);
      expect(won).toHaveLength(1);
      const other = await cache.acquireLock('seven/b', 60_000);
      expect(other).not.toBeNull();
      expect(await won[0]?.release()).toBe(true);
      expect(await won[0]?.release()).toBe(false);
      const next = await cache.acquireLock('seven/a', 60_000);
      expect(next?.token).toBeGreaterThan(won[0]?.token ?? Infinity);
      await Promise.all([next?.release(), other?.release()]);
    });

    clause('7: an expired lock goes to another, and its former holder can neither extend nor release it', async () => {
      const first = await cache.acquireLock('seven/e', 200);
      await passTime(1_200);
      const second = await cache.acquireLock('seven/e', 2_000);
      expect(second?.token).toBeGreaterThan(first?.token ?? Infinity);
      expect(await first?.extend(60_000)).toBe(false);
      expect(await first?.release()).toBe(false);
      expect(await second?.extend(60_000)).toBe(true);
      await passTime(2_100);
      expect(await cache.acquireLock('seven/e', 1_000)).toBeNull();
      expect(await second?.release()).toBe(true);
    });

    clause('10: what cannot be stored exactly is refused', async () => {
      const refused = { code: 'BAD_USER_INPUT' };
      await expect(cache.set('ten', undefined)).rejects.toMatchObject(refused);
      await expect(cache.set('ten', 10n)).rejects.toMatchObject(refused);
      await expect(cache.set('ten', 1, { ttlMs: 0 })).rejects.toMatchObject(refused);
      await expect(cache.setIfNewer('ten', { revision: 1.5, fingerprint: '', value: 1 })).rejects.toMatchObject(refused);
      await expect(cache.increment('ten', 0.1)).rejects.toMatchObject(refused);
      await expect(cache.acquireLock('ten', -1)).rejects.toMatchObject(refused);
      expect(await cache.get('ten')).toBeUndefined();
    });

    clause('8: health is ok while open; after close every call is unavailable', async () => {
      const closing = await harness.reopen();
      const lock = await closing.acquireLock('eight/lock', 1_000);
      expect(await closing.health()).toMatchObject({ name: 'cache', ok: true });
      await closing.close();
      await closing.close();
      const calls = [
        () => closing.get('k'),
        () => closing.getMany(['k']),
        () => closing.set('k', 1),
        () => closing.delete('k'),
        () => closing.deleteByTag('t'),
        () => closing.setIfNewer('k', { revision: 1, fingerprint: '', value: 1 }),
        () => closing.getFenced('k'),
        () => closing.fencedEntries(['k']),
        () => closing.scanFenced('', { limit: 1 }),
        () => closing.increment('k'),
        () => closing.acquireLock('l', 1),
        async () => lock?.release(),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject({ name: 'StoreError', kind: 'unavailable' });
      expect(await closing.health()).toMatchObject({ ok: false });
    });
  });
}
