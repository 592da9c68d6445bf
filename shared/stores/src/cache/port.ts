import type { Health } from '@loomgraph/core';
import type { ScanEntry, ScanOptions, VerifyOptions } from '../vectors/port.js';
import type { WriteOrder } from '../vectors/write-order.js';

/**
 * Cache, counters and locks. Values are JSON-serialisable and come back equal, never the same object.
 *
 * 1. `get` of an absent or expired key is `undefined`; a stored `null` comes back as `null`.
 * 2. An entry is gone at most 1 s after its `ttlMs` has passed; without `ttlMs` it stays.
 * 3. `getMany` answers in the order of the keys, in one round trip (per shard, in a cluster).
 * 4. `deleteByTag` removes every entry that was set with the tag and not set again without it.
 * 5. `setIfNewer` stores only when the entry is ahead of the stored one, atomically; it answers whether it stored. Ahead is: by revision; at an
 *    equal revision a tombstone of a value, else by fence; where all is equal, by another fingerprint. An entry with `replaces` is stored exactly
 *    when that is what is there. A tombstone (`value` undefined) makes `get` answer `undefined` and still refuses older revisions while it
 *    lives. `set` and `delete` lift the fence.
 *    `scanFenced` and `fencedEntries` say what is stored, for audits; with `verify` also whether the value is `intact`, compared with a checksum
 *    that was written with it. What is no entry at all has revision 0, fence 0 and is not intact; any `setIfNewer` stores over it.
 * 6. `increment` is atomic and creates the counter at 0; `ttlMs` counts from its creation, not from the last call. A counter is an
 *    entry: `get` reads it, `delete` resets it; an entry that is no number rejects with StoreError `constraint`.
 * 7. `acquireLock` answers `null` when the lock is held; a released or expired lock can be taken by another; `release` and
 *    `extend` of a lock that is no longer ours change nothing and answer false.
 * 8. After `close`, every call rejects with StoreError `unavailable`; `health` answers `ok: false`.
 * 9. A backend that stops answering makes calls reject with StoreError `unavailable` or `timeout` within a bounded time, and the
 *    same object works again once it is back. A write that rejected so may or may not have been applied, but not twice.
 * 10. A value, revision, `ttlMs` or `by` that JSON or a safe integer cannot hold rejects with LoomError BAD_USER_INPUT.
 */
export interface Cache extends AsyncDisposable {
  get<T>(key: string): Promise<T | undefined>;
  getMany<T>(keys: readonly string[]): Promise<(T | undefined)[]>;
  set(key: string, value: unknown, options?: CacheSetOptions): Promise<void>;
  /** @returns how many of the keys were there, tombstones included. */
  delete(...keys: string[]): Promise<number>;
  /** @returns how many entries went. */
  deleteByTag(...tags: string[]): Promise<number>;
  setIfNewer(key: string, entry: FencedEntry, options?: CacheSetOptions): Promise<boolean>;
  /** The fenced entry as stored, with its revision, fence and fingerprint; `undefined` when absent or set without a revision. */
  getFenced(key: string): Promise<FencedEntry | undefined>;
  /** What is stored under each key (`id` is the key), in their order, `null` where there is no fenced entry; one round trip (per shard). */
  fencedEntries(keys: readonly string[], options?: VerifyOptions): Promise<(ScanEntry | null)[]>;
  /**
   * Fenced entries under a prefix (`id` is the key), tombstones included, ordered by the bytes of their UTF-8, after `after`; at most
   * `limit`, and fewer only at the end. For audits, not for requests.
   */
  scanFenced(prefix: string, options: ScanOptions): Promise<ScanEntry[]>;
  increment(key: string, by?: number, options?: { ttlMs?: number }): Promise<number>;
  acquireLock(name: string, ttlMs: number): Promise<Lock | null>;
  health(): Promise<Health>;
  close(): Promise<void>;
}

export interface CacheSetOptions {
  readonly ttlMs?: number;
  readonly tags?: readonly string[];
}

/** A value that carries the revision of the record it was derived from; `value` undefined is a tombstone. */
export interface FencedEntry extends WriteOrder {
  readonly fingerprint: string;
  readonly value: unknown;
}

export interface Lock {
  readonly name: string;
  /** Rises with every acquisition of the same name: a fencing token. */
  readonly token: number;
  extend(ttlMs: number): Promise<boolean>;
  release(): Promise<boolean>;
}
