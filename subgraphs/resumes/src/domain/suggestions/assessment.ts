import type { Span } from '../understanding/text.js';
import { evidenceIn, type Evidence, type Source } from './evidence.js';
import type { Requirement } from './requirement.js';

export const dimensions = ['skills', 'experience', 'seniority', 'education', 'languages'] as const;
export type Dimension = (typeof dimensions)[number];

/** A part of the score, and how it came about. */
export interface SubScore {
  readonly dimension: Dimension;
  /** 0 to 100. */
  readonly score: number;
  /** Of the whole score, in whole percent. */
  readonly weight: number;
  readonly explanation: string;
}

/** A requirement in words. */
export interface WordedRequirement extends Requirement {
  readonly label: string;
}

/** A requirement that the resume fulfils, wholly or in part. */
export interface Match extends WordedRequirement {
  /** Above 0, at most 1. */
  readonly share: number;
  /** Where the resume says so. */
  readonly foundIn: Evidence<'resume'>;
}

/** A requirement that the resume does not fulfil, not even in part. */
export type Missing = WordedRequirement;

export const adviceKinds = ['add', 'show', 'raise', 'date'] as const;
/** Name what is not named; show where it was used; come closer to what is asked for; say since when and until when. */
export type AdviceKind = (typeof adviceKinds)[number];

export interface Advice {
  readonly kind: AdviceKind;
  readonly text: string;
  /** What of the job or the resume it is about. */
  readonly evidence: Evidence;
}

/** What an analyser says of a resume and a job. Its claims cannot be made without places in the texts: `Evidence` is what `evidenceIn` makes. */
export interface Assessment {
  /** 0 to 100, whole. */
  readonly score: number;
  readonly explanation: string;
  readonly subScores: readonly SubScore[];
  readonly matched: readonly Match[];
  readonly missing: readonly Missing[];
  readonly advice: readonly Advice[];
}

/** What was found of one requirement: nothing, or as much as its places show. */
export interface Comparison {
  readonly requirement: Requirement;
  /** 0 to 1; above 0 only with evidence. */
  readonly share: number;
  readonly foundIn: Evidence<'resume'> | null;
  readonly remark: 'listed-only' | 'implied' | 'unnamed' | 'less' | 'undated' | 'written-in' | null;
}

/** A share of 0 has no evidence, any other must. @throws NoEvidence */
export function compared(
  requirement: Requirement,
  share: number,
  {
    resume,
    spans,
    remark = null,
  }: { readonly resume: Source<'resume'>; readonly spans: readonly Span[]; readonly remark?: Comparison['remark'] },
): Comparison {
  if (share <= 0) return { requirement, share: 0, foundIn: null, remark };
  return { requirement, share: Math.min(share, 1), foundIn: evidenceIn(resume, spans), remark };
}
