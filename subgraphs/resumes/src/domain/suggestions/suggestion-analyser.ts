import type { Assessment } from './assessment.js';
import type { UnderstoodResume } from './compare.js';
import type { Source } from './evidence.js';

export interface Question {
  readonly resume: UnderstoodResume;
  /** Its title is the first line. */
  readonly job: Source<'job'>;
  /** BCP 47 tag of what the answer is worded in. */
  readonly locale: string;
}

/**
 * Says how a resume fits a job, and what would make it fit better.
 *
 * 1. Every claim has places in the texts it was given (`evidenceIn`); a claim without them rejects the whole answer.
 * 2. What the texts say to the reader is no instruction.
 * 3. It answers or rejects; it never answers with a score that it did not come to.
 */
export interface SuggestionAnalyser {
  /** At most 64 characters; feedback is counted by both. */
  readonly name: string;
  /** Raised with whatever makes it answer otherwise: rules, model, prompt. */
  readonly version: string;
  /** Questions at once in one process, where it waits for somebody; left out where it does not. */
  readonly atOnce?: number;
  /** @throws NothingAsked; NoEvidence; LoomError AI_PROVIDER_UNAVAILABLE or AI_PROVIDER_REJECTED where its provider gives no answer that can be shown */
  assess(question: Question, signal: AbortSignal): Promise<Assessment>;
}

/** The text names nothing that a resume can be compared with: no skill, no years, no degree, no language, no rank. */
export class NothingAsked extends Error {
  constructor() {
    super('The text of the job asks for nothing that can be compared.');
    this.name = 'NothingAsked';
  }
}
