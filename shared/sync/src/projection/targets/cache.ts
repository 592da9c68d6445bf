import type { Cache } from '@loomgraph/stores/cache';
import type { ApplyOutcome, ScanEntry, WriteOrder } from '@loomgraph/stores/vectors';
import type { ProjectionTarget } from '../define-projection.js';

export interface CacheTargetOptions {
  readonly cache: Cache;
  /** Entries are kept under `${prefix}${id}`. */
  readonly prefix: string;
  /** How long an entry, or the tombstone of a deleted record, lives when nothing changes it; it is then read from the record again. */
  readonly ttlMs: number;
}

/** Entries deleted per round trip of `drop`. */
const DROP_PAGE = 500;

/** Entries by id, written by the change itself rather than expired and guessed. */
export function cacheTarget<Content>({ cache, prefix, ttlMs }: CacheTargetOptions): ProjectionTarget<Content> {
  const put = async (
    { id, ...order }: WriteOrder & { readonly id: string },
    entry: { readonly fingerprint: string; readonly value: Content | undefined },
  ): Promise<ApplyOutcome> => ((await cache.setIfNewer(prefix + id, { ...order, ...entry }, { ttlMs })) ? 'applied' : 'fenced');
  const withoutPrefix = (entry: ScanEntry): ScanEntry => ({ ...entry, id: entry.id.slice(prefix.length) });
  return {
    kind: 'cache',
    store: 'cache',
    identity: prefix,
    forgets: true,
    apply: (documents) =>
      Promise.all(documents.map(({ content: value, fingerprint, ...document }) => put(document, { fingerprint, value }))),
    remove: (tombstones) => Promise.all(tombstones.map((tombstone) => put(tombstone, { fingerprint: '', value: undefined }))),
    async entries(ids, options) {
      const entries = await cache.fencedEntries(
        ids.map((id) => prefix + id),
        options,
      );
      return entries.map((entry) => entry && withoutPrefix(entry));
    },
    async scan({ after, ...options }) {
      const entries = await cache.scanFenced(prefix, { ...options, ...(after === undefined ? {} : { after: prefix + after }) });
      return entries.map(withoutPrefix);
    },
    async drop() {
      for (let isMore = true; isMore;) {
        const page = await cache.scanFenced(prefix, { limit: DROP_PAGE });
        await cache.delete(...page.map(({ id }) => id));
        isMore = page.length === DROP_PAGE;
      }
    },
  };
}
