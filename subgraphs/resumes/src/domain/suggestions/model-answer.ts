import type { SourceName } from './evidence.js';
import type { AdviceKind } from './assessment.js';
import type { Importance } from './requirement.js';

/** Something that a model says a job asks people to know or to be able to do, and where it says the resume shows it. Nothing of it is verified. */
export interface ModelRequirement {
  /** As the job writes it; several where one of them is enough. */
  readonly names: readonly string[];
  readonly importance: Importance;
  /** Words of the job. */
  readonly jobQuote: string;
  /** Words of the resume; none where it does not show it. */
  readonly resumeQuotes: readonly string[];
}

export interface ModelAdvice {
  readonly kind: AdviceKind;
  readonly text: string;
  readonly source: SourceName;
  /** Words of that source. */
  readonly quote: string;
}

export interface ModelAnswer {
  readonly requirements: readonly ModelRequirement[];
  readonly advice: readonly ModelAdvice[];
}

/** Why something that a model said is not shown. */
export const refusals = ['job-quote', 'unnamed', 'resume-quote', 'address', 'overused', 'advice'] as const;
export type Refusal = (typeof refusals)[number];
