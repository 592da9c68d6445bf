import { createHash } from 'node:crypto';
import { StoreError, systemClock, type Clock } from '@loomgraph/core';
import { z } from 'zod';
import { KnownRevocations } from './known-revocations.js';
import type { Revocation, RevocationList } from './revocation-list.js';

/** What of the cache port is needed; `Cache` of the stores package has it. */
export interface RevocationStore {
  get<T>(key: string): Promise<T | undefined>;
  getMany<T>(keys: readonly string[]): Promise<(T | undefined)[]>;
  set(key: string, value: unknown, options?: { readonly ttlMs?: number }): Promise<void>;
  increment(key: string, by?: number, options?: { ttlMs?: number }): Promise<number>;
  setIfNewer(
    key: string,
    entry: { readonly revision: number; readonly fingerprint: string; readonly value: unknown },
    options?: { readonly ttlMs?: number },
  ): Promise<boolean>;
  scanFenced(prefix: string, options: { readonly after?: string; readonly limit: number }): Promise<readonly { readonly id: string }[]>;
}

export interface SharedRevocationListOptions {
  readonly store: RevocationStore;
  readonly clock?: Clock | undefined;
  /** Told when readings begin to fail, and when they work again. */
  readonly onReading?: ((outcome: { readonly error?: unknown }) => void) | undefined;
}

/** A list that other processes share; reads until it is disposed of. */
export interface SharedRevocationList extends RevocationList, AsyncDisposable {
  /** Reads what is new at once, beside the timer. Rejects with StoreError. */
  refresh(): Promise<void>;
}

const ROOT = 'auth:revoked';
const NUMBER_KEY = `${ROOT}:number`;
const ENTRY_PREFIX = `${ROOT}:entry:`;
const logKey = (number: number): string => `${ROOT}:log:${number}`;

const READ_EVERY_MS = 1_000;
const CURRENT_WITHIN_MS = 5_000;
/** A process that has not read for longer reads everything. */
const LOG_TTL_MS = 60_000;
/** A number is taken before its entry is written; one that has no entry by then never gets one, or its writer failed. */
const GAP_WITHIN_MS = 10_000;
const PAGE = 500;

/**
 * A revocation list over the cache: entries are kept until they are over, and numbered in a log that every process reads each second. A
 * process that starts, or has missed some of the log, reads all entries.
 *
 * Resolves when all entries are known, also where they cannot be read now: `state()` tells.
 */
export async function openSharedRevocationList(options: SharedRevocationListOptions): Promise<SharedRevocationList> {
  const list = new SharedList(options);
  await list.refresh().catch(() => undefined); // `state` says so, and the next reading tries again
  list.start();
  return list;
}

const entrySchema = z.object({
  kind: z.enum(['session', 'user', 'token', 'api-key']),
  id: z.string(),
  at: z.number(),
  until: z.number(),
});

class SharedList implements SharedRevocationList {
  readonly #store: RevocationStore;
  readonly #clock: Clock;
  readonly #onReading: SharedRevocationListOptions['onReading'];
  readonly #known: KnownRevocations;
  /** The last number that was read; undefined before everything was. */
  #number: number | undefined;
  /** Numbers below it without an entry yet, and since when. */
  readonly #gaps = new Map<number, number>();
  #readAt = -Infinity;
  #startedAt: number;
  #reading: Promise<void> | undefined;
  #failing = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ store, clock = systemClock, onReading }: SharedRevocationListOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#onReading = onReading;
    this.#known = new KnownRevocations({ clock });
    this.#startedAt = clock.now().getTime();
  }

  start(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(
      () =>
        void this.refresh()
          .catch(() => undefined)
          .finally(() => this.start()),
      READ_EVERY_MS,
    );
    this.#timer.unref();
  }

  async revoke(entry: Revocation): Promise<void> {
    this.#known.add(entry);
    const ttlMs = entry.until.getTime() - this.#clock.now().getTime();
    if (ttlMs <= 0) return;
    const value = { kind: entry.kind, id: entry.id, at: entry.at.getTime(), until: entry.until.getTime() };
    // Each time has an entry of its own, so that none has to be read to keep the later one.
    const key = `${ENTRY_PREFIX}${entry.kind}:${value.at}:${createHash('sha256').update(entry.id).digest('base64url')}`;
    await this.#store.setIfNewer(key, { revision: value.until, fingerprint: 'revoked', value }, { ttlMs });
    const number = await this.#store.increment(NUMBER_KEY);
    await this.#store.set(logKey(number), value, { ttlMs: LOG_TTL_MS });
  }

  isRevoked(identity: Parameters<RevocationList['isRevoked']>[0]): boolean {
    return this.#known.concerns(identity);
  }

  state(): ReturnType<RevocationList['state']> {
    const now = this.#clock.now().getTime();
    const ageMs = now - Math.max(this.#readAt, this.#startedAt);
    return { isCurrent: now - this.#readAt <= CURRENT_WITHIN_MS, ageMs, entries: this.#known.size };
  }

  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#reading?.catch(() => undefined); // told already
  }

  async #read(): Promise<void> {
    const now = this.#clock.now().getTime();
    try {
      const number = (await this.#store.get<number>(NUMBER_KEY)) ?? 0;
      const isBehind = this.#number === undefined || now - this.#readAt >= LOG_TTL_MS || number < this.#number;
      if (isBehind) await this.#readAll();
      else await this.#readLog(this.#number ?? 0, number, now);
      this.#number = number;
      this.#readAt = now;
    } catch (error) {
      if (!this.#failing) this.#onReading?.({ error });
      this.#failing = true;
      throw error;
    }
    if (this.#failing) this.#onReading?.({});
    this.#failing = false;
  }

  async #readAll(): Promise<void> {
    this.#gaps.clear();
    for (let after: string | undefined; ;) {
      const page = await this.#store.scanFenced(ENTRY_PREFIX, { ...(after === undefined ? {} : { after }), limit: PAGE });
      const keys = page.map(({ id }) => id);
      if (keys.length > 0) this.#add(await this.#store.getMany(keys));
      if (page.length < PAGE) return;
      after = keys.at(-1);
    }
  }

  async #readLog(from: number, to: number, now: number): Promise<void> {
    for (let number = from + 1; number <= to; number++) this.#gaps.set(number, now);
    const wanted = [...this.#gaps.keys()];
    for (let start = 0; start < wanted.length; start += PAGE) {
      const numbers = wanted.slice(start, start + PAGE);
      const values = await this.#store.getMany(numbers.map(logKey));
      for (const [index, number] of numbers.entries()) {
        const since = this.#gaps.get(number) ?? now;
        if (values[index] !== undefined || now - since >= GAP_WITHIN_MS) this.#gaps.delete(number);
      }
      this.#add(values);
    }
  }

  #add(values: readonly unknown[]): void {
    for (const value of values) {
      if (value === undefined) continue;
      const entry = entrySchema.safeParse(value);
      if (!entry.success) throw new StoreError('corrupt', 'cache', 'A revocation in the cache has another form.');
      const { kind, id, at, until } = entry.data;
      this.#known.add({ kind, id, at: new Date(at), until: new Date(until) });
    }
  }
}
