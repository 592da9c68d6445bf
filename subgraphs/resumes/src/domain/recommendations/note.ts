import { junkKinds } from '../jobs/junk.js';
import type { Evidence } from '../suggestions/evidence.js';

export const noteKinds = ['same-place', 'elsewhere', 'language', 'duplicate', ...junkKinds] as const;
/** What of a pair is said beside its assessment: about places, a language that is missing, or a posting that is junk. */
export type NoteKind = (typeof noteKinds)[number];

/** What decided how far up something stands, in words, with the places in the texts that say so. */
export interface Note {
  readonly kind: NoteKind;
  /** The score is at most this; null where it limits nothing. */
  readonly cap: number | null;
  readonly text: string;
  readonly evidence: Evidence;
}

/** Somebody would have to move. */
export const ELSEWHERE_CAP = 40;
/** A language is required of which the resume shows nothing. */
export const LANGUAGE_CAP = 40;
/** Below whatever fits at all. */
export const JUNK_CAP = 5;

const junk: ReadonlySet<NoteKind> = new Set<NoteKind>(['duplicate', ...junkKinds]);
export const isJunk = ({ kind }: Pick<Note, 'kind'>): boolean => junk.has(kind);
