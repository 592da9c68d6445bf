import type { Analysis } from '../understanding/analyse.js';
import type { Found } from '../understanding/text.js';

/** Something that a resume says: what it is called, and the words. */
export interface ProfileTerm {
  readonly name: string;
  readonly quote: string;
}

/** What others recommend by: nobody's name, and no way to reach them. */
export interface ResumeProfile {
  /** BCP 47 tag of the resume's language. */
  readonly language: string;
  readonly seniority: ProfileTerm | null;
  /** In the order of the text. */
  readonly positions: readonly ProfileTerm[];
  readonly skills: readonly ProfileTerm[];
}

const MAX_POSITIONS = 10;
const MAX_SKILLS = 50;
const MAX_QUOTE_LENGTH = 200;

/** @param language as the owner of the resume says it */
export function profileOf(language: string, text: string, { work, skills, seniority }: Analysis): ResumeProfile {
  const term = (name: string, { spans: [span] }: Pick<Found<unknown>, 'spans'>): ProfileTerm[] =>
    span ? [{ name, quote: text.slice(span.start, Math.min(span.end, span.start + MAX_QUOTE_LENGTH)).toWellFormed() }] : [];
  return {
    language,
    seniority: (seniority && term(seniority.value, seniority)[0]) ?? null,
    positions: work.flatMap(({ position }) => (position ? term(position.value, position) : [])).slice(0, MAX_POSITIONS),
    skills: skills.flatMap((skill) => term(skill.value.name, skill)).slice(0, MAX_SKILLS),
  };
}
