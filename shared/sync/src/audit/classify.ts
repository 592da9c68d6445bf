import type { ScanEntry } from '@loomgraph/stores/vectors';

export const driftClasses = ['missing', 'stale', 'orphan', 'corrupt'] as const;
/**
 * How a document differs from its record. *missing*: the record lives and the document does not. *stale*: another revision or fingerprint than the
 * record's, older or newer. *orphan*: the document of a record that is gone. *corrupt*: what is stored is not what was written.
 */
export type DriftClass = (typeof driftClasses)[number];

/** What a target should hold for a record; without a fingerprint only the revision is compared. */
export interface Expectation {
  readonly revision: number;
  readonly fingerprint?: string;
}

/** A record and its document, as both were read. An absent expectation: the record is gone, or nothing is derived from it. */
export interface Observation {
  readonly id: string;
  readonly expected: Expectation | undefined;
  readonly entry: ScanEntry | undefined;
}

/** `forgets`: the target lets documents go by itself, so absence says nothing. */
export function classify({ expected, entry }: Observation, options: { readonly forgets: boolean }): DriftClass | undefined {
  if (!expected) return entry && !entry.deleted ? 'orphan' : undefined;
  if (!entry) return options.forgets ? undefined : 'missing';
  if (entry.deleted) return 'missing';
  if (entry.intact === false) return 'corrupt';
  if (entry.revision !== expected.revision) return 'stale';
  return expected.fingerprint !== undefined && entry.fingerprint !== expected.fingerprint ? 'stale' : undefined;
}

/**
 * Whether two observations of a record show the same, in the record and in the document. Each write of a document carries a fence of its own, so
 * a document that changed and changed back is told from one that nobody touched.
 */
export function isSame(one: Observation, other: Observation): boolean {
  return (
    one.expected?.revision === other.expected?.revision &&
    one.expected?.fingerprint === other.expected?.fingerprint &&
    one.entry?.revision === other.entry?.revision &&
    one.entry?.fingerprint === other.entry?.fingerprint &&
    one.entry?.fence === other.entry?.fence &&
    one.entry?.deleted === other.entry?.deleted
  );
}
