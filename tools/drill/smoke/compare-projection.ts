/** What a projection's target must hold for a record. */
export interface ExpectedDocument {
  readonly id: string;
  readonly revision: number;
  /** Left out where the document depends on more than its record. */
  readonly fingerprint?: string;
}

export interface TargetEntry {
  readonly id: string;
  readonly revision: number;
  readonly fingerprint: string;
  readonly deleted: boolean;
}

export interface Divergence {
  readonly projection: string;
  readonly id: string;
  /** `missing`: not in the target. `stale`, `ahead`: of another revision. `corrupt`: right revision, wrong content. `orphan`: its record is gone. */
  readonly kind: 'missing' | 'stale' | 'ahead' | 'corrupt' | 'orphan';
  readonly detail: string;
}

/** Compares a projection's target with what the records say now. */
export function compareProjection(projection: string, expected: readonly ExpectedDocument[], actual: readonly TargetEntry[]): Divergence[] {
  const entries = new Map(actual.map((entry) => [entry.id, entry]));
  const ids = new Set(expected.map(({ id }) => id));
  const divergent = expected.flatMap((document) => {
    const found = classify(document, entries.get(document.id));
    return found ? [{ projection, id: document.id, ...found }] : [];
  });
  const orphans = actual
    .filter((entry) => !entry.deleted && !ids.has(entry.id))
    .map((entry) => ({ projection, id: entry.id, kind: 'orphan' as const, detail: `revision ${entry.revision} of a record that is gone` }));
  return [...divergent, ...orphans];
}

function classify(document: ExpectedDocument, entry: TargetEntry | undefined): Pick<Divergence, 'kind' | 'detail'> | undefined {
  if (!entry) return { kind: 'missing', detail: `revision ${document.revision} never arrived` };
  if (entry.deleted) return { kind: 'missing', detail: `deleted at revision ${entry.revision}; the record is at ${document.revision}` };
  if (entry.revision < document.revision)
    return { kind: 'stale', detail: `revision ${entry.revision}; the record is at ${document.revision}` };
  if (entry.revision > document.revision)
    return { kind: 'ahead', detail: `revision ${entry.revision}; the record is at ${document.revision}` };
  if (document.fingerprint !== undefined && document.fingerprint !== entry.fingerprint) {
    return { kind: 'corrupt', detail: `revision ${entry.revision} with another content than its record gives` };
  }
  return undefined;
}
