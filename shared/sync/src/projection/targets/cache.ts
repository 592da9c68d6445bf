import type { Cache } from '@loomgraph/stores/cache';
import type { ApplyOutcome } from '@loomgraph/stores/vectors';
import type { ProjectionTarget } from '../define-projection.js';

export interface CacheTargetOptions {
  readonly cache: Cache;
  /** Entries are kept under `${prefix}${id}`. */
  readonly prefix: string;
  /** How long an entry, or the tombstone of a deleted record, lives when nothing changes it; it is then read from the record again. */
  readonly ttlMs: number;
}

/** Entries by id, written by the change itself rather than expired and guessed. */
export function cacheTarget<Content>({ cache, prefix, ttlMs }: CacheTargetOptions): ProjectionTarget<Content> {
  const put = async (id: string, revision: number, fingerprint: string, value: Content | undefined): Promise<ApplyOutcome> =>
    (await cache.setIfNewer(prefix + id, { revision, fingerprint, value }, { ttlMs })) ? 'applied' : 'fenced';
  return {
    kind: 'cache',
    identity: prefix,
    apply: (documents) =>
      Promise.all(documents.map((document) => put(document.id, document.revision, document.fingerprint, document.content))),
    remove: (tombstones) => Promise.all(tombstones.map((tombstone) => put(tombstone.id, tombstone.revision, '', undefined))),
    async scan({ after, limit }) {
      const rows = await cache.scanFenced(prefix, { limit, ...(after === undefined ? {} : { after: prefix + after }) });
      return rows.map(({ key, entry }) => ({
        id: key.slice(prefix.length),
        revision: entry.revision,
        fingerprint: entry.fingerprint,
        deleted: entry.value === undefined,
      }));
    },
  };
}
