/** Where a write stands among all writes of its document. */
export interface WriteOrder {
  readonly revision: number;
  /** The number of the claim that derived it: of two writes of one revision the one with the smaller number is late. Default 0. */
  readonly fence?: number;
  /** Write exactly when this is what is stored, whatever the order says: the compare-and-set of a repair. */
  readonly replaces?: StoredOrder;
}

/** What a store remembers of the write it took. */
export interface StoredOrder {
  readonly revision: number;
  readonly fence: number;
}

interface Write extends WriteOrder {
  readonly fingerprint: string;
  readonly deleted: boolean;
}

interface Stored extends StoredOrder {
  readonly fingerprint: string;
  readonly deleted: boolean;
}

/**
 * Whether a store takes a write: its revision is greater; or the same, and it removes what is live; or that is the same too, and its fence is
 * greater; or all is the same but the fingerprint. Every adapter decides by this order, in its own language, under a lock of the document;
 * whatever order writes come in, the same one stays.
 */
export function takes(stored: Stored | undefined, write: Write): boolean {
  const { replaces } = write;
  if (replaces) return stored !== undefined && stored.revision === replaces.revision && stored.fence === replaces.fence;
  if (!stored) return true;
  if (write.revision !== stored.revision) return write.revision > stored.revision;
  if (write.deleted !== stored.deleted) return write.deleted;
  const fence = write.fence ?? 0;
  return fence === stored.fence ? write.fingerprint !== stored.fingerprint : fence > stored.fence;
}

/**
 * `takes` as the WHERE of an upsert: `t` is the row as stored, `excluded` the one to be written, `parameter` the `replaces` of the batch as
 * `replacesOf` gives them; `key` is the row's in there.
 */
export function takesInSql(parameter: string, key = 'excluded.id'): string {
  return `CASE WHEN ${parameter}::jsonb ? (${key})
      THEN jsonb_build_array(t.revision, t.fence) = ${parameter}::jsonb -> (${key})
      ELSE (excluded.revision, excluded.deleted, excluded.fence) > (t.revision, t.deleted, t.fence)
        OR (excluded.revision, excluded.deleted, excluded.fence) = (t.revision, t.deleted, t.fence)
          AND excluded.fingerprint <> t.fingerprint END`;
}

/** What the writes of a batch replace: `{ key: [revision, fence] }`, as JSON. */
export function replacesOf<T extends WriteOrder>(writes: readonly T[], keyOf: (write: T) => string): string {
  return JSON.stringify(
    Object.fromEntries(
      writes.flatMap((write) => (write.replaces ? [[keyOf(write), [write.replaces.revision, write.replaces.fence]]] : [])),
    ),
  );
}
