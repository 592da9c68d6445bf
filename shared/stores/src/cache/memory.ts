import { LRUCache } from 'lru-cache';
import { probeHealth, StoreError, systemClock, type Clock, type Health } from '@loomgraph/core';
import type { ScanEntry, ScanOptions, VerifyOptions } from '../vectors/port.js';
import { takes, type StoredOrder } from '../vectors/write-order.js';
import { checkOrder, checkSafeInteger, checkTtl, compareUtf8, toJsonText } from './input.js';
import { MemoryLocks } from './memory-locks.js';
import type { Cache, CacheSetOptions, FencedEntry, Lock } from './port.js';

export interface MemoryCacheOptions {
  /** Entries kept; beyond it the least recently used goes, its fence with it. Default 50,000. */
  readonly maxEntries?: number;
  readonly clock?: Clock;
}

/** The embedded cache: one process, nothing survives it. */
export function createMemoryCache(options: MemoryCacheOptions = {}): MemoryCache {
  return new MemoryCache(options);
}

interface Entry {
  /** JSON text; undefined is a tombstone. */
  readonly text: string | undefined;
  readonly stamp?: StoredOrder & { readonly fingerprint: string };
  readonly expiresAtMs: number;
  readonly tags: readonly string[];
}

/** Values are kept as JSON text, so a caller can change neither what it stored nor what another one reads. */
export class MemoryCache implements Cache {
  readonly #entries: LRUCache<string, Entry>;
  readonly #keysByTag = new Map<string, Set<string>>();
  readonly #locks: MemoryLocks;
  readonly #clock: Clock;
  #closed = false;

  constructor({ maxEntries = 50_000, clock = systemClock }: MemoryCacheOptions) {
    this.#clock = clock;
    this.#entries = new LRUCache({ max: maxEntries, dispose: (entry, key) => this.#unlink(key, entry) });
    this.#locks = new MemoryLocks({ now: () => this.#now(), assertOpen: () => this.#assertOpen() });
  }

  async get<T>(key: string): Promise<T | undefined> {
    this.#assertOpen();
    return parse(this.#live(key)?.text) as T | undefined;
  }

  async getMany<T>(keys: readonly string[]): Promise<(T | undefined)[]> {
    this.#assertOpen();
    return keys.map((key) => parse(this.#live(key)?.text) as T | undefined);
  }

  async set(key: string, value: unknown, options: CacheSetOptions = {}): Promise<void> {
    this.#assertOpen();
    this.#store(key, { text: toJsonText(value) }, options);
  }

  async delete(...keys: string[]): Promise<number> {
    this.#assertOpen();
    return keys.filter((key) => this.#live(key) && this.#entries.delete(key)).length;
  }

  async deleteByTag(...tags: string[]): Promise<number> {
    this.#assertOpen();
    const keys = new Set(tags.flatMap((tag) => [...(this.#keysByTag.get(tag) ?? [])]));
    return [...keys].filter((key) => this.#live(key) && this.#entries.delete(key)).length;
  }

  async setIfNewer(key: string, entry: FencedEntry, options: CacheSetOptions = {}): Promise<boolean> {
    this.#assertOpen();
    checkOrder(entry);
    const text = entry.value === undefined ? undefined : toJsonText(entry.value);
    checkTtl(options.ttlMs);
    if (!takes(toState(key, this.#live(key)) ?? undefined, { ...entry, deleted: text === undefined })) return false;
    const { revision, fence = 0, fingerprint } = entry;
    this.#store(key, { text, stamp: { revision, fence, fingerprint } }, options);
    return true;
  }

  async getFenced(key: string): Promise<FencedEntry | undefined> {
    this.#assertOpen();
    const entry = this.#live(key);
    return entry?.stamp && { ...entry.stamp, value: parse(entry.text) };
  }

  async fencedEntries(keys: readonly string[], options: VerifyOptions = {}): Promise<(ScanEntry | null)[]> {
    this.#assertOpen();
    return keys.map((key) => toState(key, this.#peekLive(key), options));
  }

  /** Sorts all keys under the prefix: O(n log n) in the entries held. */
  async scanFenced(prefix: string, options: ScanOptions): Promise<ScanEntry[]> {
    this.#assertOpen();
    const { after, limit } = options;
    const found: ScanEntry[] = [];
    for (const key of this.#entries.keys()) {
      if (!key.startsWith(prefix) || (after !== undefined && compareUtf8(key, after) <= 0)) continue;
      const entry = toState(key, this.#peekLive(key), options);
      if (entry) found.push(entry);
    }
    return found.toSorted((left, right) => compareUtf8(left.id, right.id)).slice(0, limit);
  }

  async increment(key: string, by = 1, options: { ttlMs?: number } = {}): Promise<number> {
    this.#assertOpen();
    checkSafeInteger('by', by);
    checkTtl(options.ttlMs);
    const entry = this.#live(key);
    if (!entry) {
      this.#store(key, { text: String(by) }, options);
      return by;
    }
    const value = parse(entry.text);
    if (typeof value !== 'number' || entry.stamp) throw new StoreError('constraint', 'cache', `The entry ${key} is not a counter.`);
    this.#entries.set(key, { ...entry, text: String(value + by) });
    this.#link(key, entry);
    return value + by;
  }

  async acquireLock(name: string, ttlMs: number): Promise<Lock | null> {
    this.#assertOpen();
    checkTtl(ttlMs);
    return this.#locks.acquire(name, ttlMs);
  }

  health(): Promise<Health> {
    return probeHealth({ name: 'cache', backend: 'memory' }, async () => this.#assertOpen());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#entries.clear();
    this.#keysByTag.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #store(key: string, content: Pick<Entry, 'text' | 'stamp'>, { ttlMs, tags = [] }: CacheSetOptions): void {
    checkTtl(ttlMs);
    const entry = { ...content, expiresAtMs: ttlMs === undefined ? Infinity : this.#now() + ttlMs, tags };
    // LRUCache disposes the entry it replaces first, which unlinks the old tags.
    this.#entries.set(key, entry);
    this.#link(key, entry);
  }

  #link(key: string, entry: Entry): void {
    for (const tag of entry.tags) {
      const keys = this.#keysByTag.get(tag);
      if (keys) keys.add(key);
      else this.#keysByTag.set(tag, new Set([key]));
    }
  }

  #unlink(key: string, entry: Entry): void {
    for (const tag of entry.tags) {
      const keys = this.#keysByTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.#keysByTag.delete(tag);
    }
  }

  #live(key: string): Entry | undefined {
    return this.#unlessExpired(key, this.#entries.get(key));
  }

  /** As `#live`, without counting as a use. */
  #peekLive(key: string): Entry | undefined {
    return this.#unlessExpired(key, this.#entries.peek(key));
  }

  #unlessExpired(key: string, entry: Entry | undefined): Entry | undefined {
    if (!entry || entry.expiresAtMs > this.#now()) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  #now(): number {
    return this.#clock.now().getTime();
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError('unavailable', 'cache', 'The cache is closed.');
  }
}

function parse(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

/** Nobody but this class can reach the text, so it is what was written. */
function toState(key: string, entry: Entry | undefined, { verify = false }: VerifyOptions = {}): ScanEntry | null {
  return entry?.stamp ? { id: key, ...entry.stamp, deleted: entry.text === undefined, ...(verify && { intact: true }) } : null;
}
