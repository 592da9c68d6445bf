import { isJunk, type Note } from './note.js';

export interface Ranked {
  readonly id: string;
  /** Whole. */
  readonly score: number;
  readonly notes: readonly Pick<Note, 'kind'>[];
  /** When the job was posted, or the resume last changed. */
  readonly at: Date;
}

/** By how many points a score must be higher for no date to matter. */
export const RECENCY_BOUND = 1;

/**
 * Best first: by score, in whole points; of equals those that are no junk, then the newer, then by id. So a date decides between scores that differ
 * by less than a point before rounding, and never between others; and no order changes by the hour.
 */
export function compareRanked(a: Ranked, b: Ranked): number {
  return (
    b.score - a.score ||
    Number(a.notes.some(isJunk)) - Number(b.notes.some(isJunk)) ||
    b.at.getTime() - a.at.getTime() ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}
