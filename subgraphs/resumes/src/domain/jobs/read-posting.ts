import type { Source } from '../suggestions/evidence.js';
import { LOCAL_VERSION } from '../suggestions/local-analyser.js';
import { readJob } from '../suggestions/read-job.js';
import type { Requirement } from '../suggestions/requirement.js';
import type { WordCutter } from '../understanding/skills.js';
import { junkSigns, type JunkSign } from './junk.js';

/** Raised whenever a posting is read otherwise. */
export const READING = `${LOCAL_VERSION}.1`;

/** What was understood of a posting, kept beside it. */
export interface Reading {
  /** Which release of the rules read it. */
  readonly version: string;
  readonly requirements: readonly Requirement[];
  /** Why it is junk; empty for honest ones. */
  readonly junk: readonly JunkSign[];
  /** Equal for texts that differ in case, blanks and signs alone, in hex. */
  readonly textHash: string;
}

/** Reads a text whose first line is its title. */
export type PostingReader = (text: string) => Reading;

/** Reads postings by the rules that suggestions read jobs by. @param deps.sha256 in hex */
export function createPostingReader({
  cut,
  sha256,
}: {
  readonly cut: WordCutter;
  readonly sha256: (text: string) => string;
}): PostingReader {
  return (text) => {
    const job: Source<'job'> = { name: 'job', text };
    const requirements = readJob(job, cut);
    const textHash = sha256(text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ''));
    return { version: READING, requirements, junk: junkSigns(job, requirements, cut), textHash };
  };
}
