import { probeHealth, type Health } from '@loomgraph/core';
import type { ScanEntry, ScanOptions, VerifyOptions } from '../vectors/port.js';
import type { StoredOrder } from '../vectors/write-order.js';
import { checkOrder, checkSafeInteger, checkTtl, toJsonText } from './input.js';
import type { Cache, CacheSetOptions, FencedEntry, Lock } from './port.js';
import { RedisConnection, type RedisConnectionOptions } from './redis-client.js';
import { decodeFenced, decodeState, decodeValue, encodeEntry, type StoredEntry } from './redis-entry.js';
import { RedisLayout, type Bucket } from './redis-layout.js';
import { mergeSorted, type SortedSource } from './redis-scan.js';
import {
  acquireLockScript,
  deleteByTagScript,
  deleteScript,
  incrementScript,
  keepLockScript,
  scanScript,
  storeScript,
} from './redis-scripts.js';
import { parseRedisUrl } from './redis-url.js';

export interface RedisCacheOptions extends Pick<RedisConnectionOptions, 'connectTimeoutMs' | 'commandTimeoutMs'> {
  /** `redis://…`, `rediss://…`, `redis+sentinel://h:p,h:p/<masterName>` or `redis+cluster://h:p,h:p`. */
  readonly url: string;
  /** Put before every key; no braces. */
  readonly prefix: string;
}

/** A cache on Redis 6 or later: one server, Sentinel or Cluster. Connects in the background; calls wait for it, bounded. */
export function createRedisCache(options: RedisCacheOptions): RedisCache {
  return new RedisCache(options);
}

/** Entries one script call deletes at most: some milliseconds of the server's only thread. */
const DELETE_BATCH = 500;

/**
 * Every change of an entry is one script on one slot, so tags, fences and the index cannot come apart. Where the server evicts entries,
 * their names stay in tag sets and index until these are next read: run it with `noeviction` or `volatile-*`.
 */
export class RedisCache implements Cache {
  readonly #connection: RedisConnection;
  readonly #layout: RedisLayout;

  constructor({ prefix, ...connection }: RedisCacheOptions) {
    this.#layout = new RedisLayout({ prefix, isCluster: parseRedisUrl(connection.url).kind === 'cluster' });
    this.#connection = new RedisConnection({ ...connection, store: 'cache' });
  }

  async get<T>(key: string): Promise<T | undefined> {
    return decodeValue(await this.#read(key)) as T | undefined;
  }

  async getMany<T>(keys: readonly string[]): Promise<(T | undefined)[]> {
    const found = await this.#readMany(keys);
    return keys.map((key) => decodeValue(found.get(key) ?? null) as T | undefined);
  }

  async set(key: string, value: unknown, options: CacheSetOptions = {}): Promise<void> {
    await this.#store(key, { text: toJsonText(value) }, options);
  }

  async delete(...keys: string[]): Promise<number> {
    const groups = [...this.#layout.group([...new Set(keys)])];
    const counts = await this.#connection.run((client) =>
      Promise.all(groups.map(([{ root, indexes }, members]) => deleteScript.run(client, indexes, [root, ...members]))),
    );
    return counts.reduce<number>((sum, count) => sum + Number(count), 0);
  }

  /** Asks every bucket for every tag, in one round trip when a tag has under 500 entries per bucket. */
  async deleteByTag(...tags: string[]): Promise<number> {
    const counts = await Promise.all(this.#layout.buckets.flatMap((bucket) => tags.map((tag) => this.#deleteTag(bucket, tag))));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async setIfNewer(key: string, entry: FencedEntry, options: CacheSetOptions = {}): Promise<boolean> {
    const { revision, fence = 0, fingerprint, value, replaces } = entry;
    checkOrder(entry);
    const text = value === undefined ? undefined : toJsonText(value);
    return this.#store(key, { text, stamp: { revision, fence, fingerprint } }, { ...options, ...(replaces && { replaces }) });
  }

  async getFenced(key: string): Promise<FencedEntry | undefined> {
    return decodeFenced(await this.#read(key));
  }

  async fencedEntries(keys: readonly string[], options: VerifyOptions = {}): Promise<(ScanEntry | null)[]> {
    const found = await this.#readMany(keys);
    return keys.map((key) => decodeState(key, found.get(key) ?? null, options));
  }

  async scanFenced(prefix: string, options: ScanOptions): Promise<ScanEntry[]> {
    // A little more than its share from each bucket, so that most scans need one round trip.
    const pageSize = Math.ceil(options.limit / this.#layout.buckets.length) + 8;
    return mergeSorted(
      this.#layout.buckets.map((bucket) => this.#sortedBucket(bucket, prefix, { ...options, pageSize })),
      options,
    );
  }

  async increment(key: string, by = 1, options: { ttlMs?: number } = {}): Promise<number> {
    checkSafeInteger('by', by);
    checkTtl(options.ttlMs);
    const fresh = encodeEntry(key, { text: String(by) });
    const entryKey = `${this.#layout.bucketOf(key).root}v:${key}`;
    return Number(
      await this.#connection.run((client) => incrementScript.run(client, [entryKey], [fresh, String(by), options.ttlMs ?? ''])),
    );
  }

  async acquireLock(name: string, ttlMs: number): Promise<Lock | null> {
    checkTtl(ttlMs);
    const { root } = this.#layout.bucketOf(name);
    const lockKey = `${root}l:${name}`;
    const token = String(await this.#connection.run((client) => acquireLockScript.run(client, [lockKey, `${root}n:${name}`], [ttlMs])));
    if (!token) return null;
    const keep = async (keepMs: number | ''): Promise<boolean> =>
      (await this.#connection.run((client) => keepLockScript.run(client, [lockKey], [token, keepMs]))) === 1;
    return { name, token: Number(token), extend: (extendMs) => keep(extendMs), release: () => keep('') };
  }

  health(): Promise<Health> {
    const backend = this.#connection.kind === 'single' ? 'redis' : `redis-${this.#connection.kind}`;
    return probeHealth({ name: 'cache', backend }, () => this.#connection.ping());
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #read(key: string): Promise<string | null> {
    return this.#connection.run((client) => client.get(`${this.#layout.bucketOf(key).root}v:${key}`));
  }

  /** One MGET per bucket, sent together: one round trip. */
  async #readMany(keys: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    const found = new Map<string, string | null>();
    const groups = [...this.#layout.group(keys)];
    await this.#connection.run((client) =>
      Promise.all(
        groups.map(async ([bucket, members]) => {
          const raws = await client.mget(...members.map((member) => `${bucket.root}v:${member}`));
          for (const [position, member] of members.entries()) found.set(member, raws[position] ?? null);
        }),
      ),
    );
    return found;
  }

  async #store(key: string, entry: StoredEntry, options: CacheSetOptions & { replaces?: StoredOrder }): Promise<boolean> {
    const { ttlMs, tags = [], replaces } = options;
    checkTtl(ttlMs);
    const { root, indexes } = this.#layout.bucketOf(key);
    const { stamp, text } = entry;
    const order = stamp ? [stamp.revision, stamp.fence, JSON.stringify(stamp.fingerprint), text === undefined ? 1 : 0] : ['', 0, '', 0];
    const expected = replaces ? [replaces.revision, replaces.fence] : ['', ''];
    const args = [root, key, encodeEntry(key, { ...entry, tags }), ttlMs ?? '', ...order, ...expected, ...tags];
    return (await this.#connection.run((client) => storeScript.run(client, indexes, args))) === 1;
  }

  async #deleteTag({ root, indexes }: Bucket, tag: string): Promise<number> {
    let deleted = 0;
    for (let hasMore = true; hasMore;) {
      const answer = await this.#connection.run((client) => deleteByTagScript.run(client, indexes, [root, tag, DELETE_BATCH]));
      // The script answers two integers.
      const [count, more] = answer as [number, number];
      deleted += count;
      hasMore = more === 1;
    }
    return deleted;
  }

  #sortedBucket({ root, indexes }: Bucket, prefix: string, options: VerifyOptions & { pageSize: number }): SortedSource {
    const { pageSize } = options;
    // No byte of UTF-8 is 0xff, so this is above every key with the prefix.
    const max = prefix ? Buffer.concat([Buffer.from(`(${prefix}`), Buffer.of(0xff)]) : '+';
    const first = prefix ? `[${prefix}` : '-';
    return {
      readPage: async (after) => {
        const min = after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0 ? `(${after}` : first;
        const answer = await this.#connection.run((client) => scanScript.run(client, indexes, [root, min, max, pageSize]));
        // The script answers a count, a member and a flat list of strings.
        const [seen, last, flat] = answer as [number, string, string[]];
        const items: ScanEntry[] = [];
        for (let at = 0; at < flat.length; at += 2) {
          const entry = decodeState(flat[at] ?? '', flat[at + 1] ?? null, options);
          if (entry) items.push(entry);
        }
        return { items, last: seen > 0 ? last : undefined, hasMore: seen === pageSize };
      },
    };
  }
}
