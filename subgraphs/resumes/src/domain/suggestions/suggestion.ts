import type { UnreadableReason } from '../understanding/understanding.js';
import type { Assessment } from './assessment.js';

export const suggestionStates = ['queued', 'done', 'failed'] as const;
export type SuggestionState = (typeof suggestionStates)[number];

/** Why there is none: of the version, of the job, of the model's provider, or of this installation. */
export type SuggestionFailure = UnreadableReason | 'needs-ocr' | 'not-understood' | 'nothing-asked' | 'provider' | 'internal';

/** What somebody asked about a resume version and a job, without its texts. */
export interface Suggestion {
  readonly id: string;
  /** Who asked. */
  readonly userId: string;
  /** Whose resume it is. */
  readonly ownerId: string;
  readonly resumeId: string;
  readonly versionId: string;
  readonly jobTitle: string;
  /** BCP 47 tag of what the answer is worded in. */
  readonly locale: string;
  readonly state: SuggestionState;
  /** Of a failure. */
  readonly reason: SuggestionFailure | null;
  /** 0 to 100; null unless it is done. */
  readonly score: number | null;
  /** Who answered; null unless it is done. */
  readonly analyser: string | null;
  readonly analyserVersion: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Its texts, which a list reads for those that are asked for. */
export interface SuggestionContent {
  readonly id: string;
  /** The job's title, then its description: what spans count in. */
  readonly jobText: string;
  /** Null unless it is done. */
  readonly assessment: Assessment | null;
}

/** What somebody says of a suggestion; there is one of each user. */
export interface SuggestionFeedback {
  readonly suggestionId: string;
  readonly userId: string;
  readonly isHelpful: boolean;
  readonly comment: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** How much the suggestions of one release of an analyser helped. */
export interface AnalyserFeedback {
  readonly analyser: string;
  readonly analyserVersion: string;
  /** That were answered. */
  readonly suggestions: number;
  readonly helpful: number;
  readonly unhelpful: number;
}

export const suggestionLimits = {
  jobTitleLength: 200,
  /** Of UTF-8, title and description together. */
  jobBytes: 100_000,
  commentLength: 1_000,
  /** Of one user that are not answered yet. */
  queued: 50,
} as const;
