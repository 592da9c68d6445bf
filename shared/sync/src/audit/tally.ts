import type { StoredOrder } from '@loomgraph/stores/vectors';
import type { Owed } from './owed.js';
import { driftClasses, type DriftClass } from './classify.js';

/** How many ids of a class are named in a result. */
const EXAMPLES = 20;

/** A record that differs from its document, confirmed. */
export interface Finding {
  readonly id: string;
  readonly class: DriftClass;
  /** The revision the repair must reach: of the record, or of the document whose record is gone. */
  readonly revision: number;
  readonly deleted: boolean;
  /** What the target holds of it. */
  readonly stored: StoredOrder | undefined;
  /** Whether it was found before and its repair is on its way. */
  readonly known: boolean;
}

/** What an audit has seen so far; plain numbers, so that it survives as JSON. */
export interface Tally {
  /** Records of the source that were compared. */
  checked: number;
  /** Documents of the target whose record was looked for. */
  scanned: number;
  missing: number;
  stale: number;
  orphan: number;
  corrupt: number;
  /** Records that differed and had a change on its way for as long as they were watched. */
  pending: number;
  /** Records that differ and are dead letters; `discarded`: that somebody gave up. */
  dead: number;
  discarded: number;
  /** Some ids of each class. */
  readonly examples: Record<DriftClass, string[]>;
}

export function emptyTally(): Tally {
  return {
    checked: 0,
    scanned: 0,
    missing: 0,
    stale: 0,
    orphan: 0,
    corrupt: 0,
    pending: 0,
    dead: 0,
    discarded: 0,
    examples: { missing: [], stale: [], orphan: [], corrupt: [] },
  };
}

/** What one page of an audit gave. */
export interface Report {
  readonly findings: readonly Finding[];
  /** Those that differ for a known reason. */
  readonly owed: readonly Exclude<Owed, 'repairing'>[];
}

export function addReport(tally: Tally, { findings, owed }: Report): void {
  for (const finding of findings) {
    tally[finding.class]++;
    const examples = tally.examples[finding.class];
    if (examples.length < EXAMPLES) examples.push(finding.id);
  }
  for (const reason of owed) tally[reason]++;
}

export const foundIn = (tally: Pick<Tally, DriftClass>): number => driftClasses.reduce((sum, one) => sum + tally[one], 0);
