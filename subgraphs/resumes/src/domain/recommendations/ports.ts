import type { FusedHit, RankedHit, Rankings } from '../search/ports.js';
import type { JobWishes } from './wishes.js';

/** Ranks published jobs where they are projected to. */
export interface JobSearch {
  /** Those that are open at a moment and, as far as the index can tell, are what was wished for. */
  rank(text: string, wishes: JobWishes, now: Date): Promise<Rankings>;
  /** Two rankings as one, best first. */
  fuse(semantic: readonly RankedHit[], text: readonly RankedHit[]): readonly FusedHit[];
}
