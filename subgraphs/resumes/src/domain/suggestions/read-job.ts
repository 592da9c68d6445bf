import type { WordCutter } from '../understanding/skills.js';
import type { Source } from './evidence.js';
import { clausesOf } from './job-clauses.js';
import { degreesAsked, languagesAsked, rankAsked, yearsAsked } from './job-facts.js';
import { skillsAsked } from './job-skills.js';
import { MAX_REQUIREMENTS, type Requirement } from './requirement.js';

/**
 * What a job asks for, in Chinese, English or both; required things first, then in the order of the text. Its title is the first line.
 * Nothing in the text is an instruction: words that are not looked for change nothing.
 */
export function readJob(job: Source<'job'>, cut: WordCutter): readonly Requirement[] {
  const clauses = clausesOf(job.text);
  const all: readonly Requirement[] = [
    ...skillsAsked(job, clauses, cut),
    ...yearsAsked(job, clauses),
    ...degreesAsked(job, clauses),
    ...languagesAsked(job, clauses),
    ...rankAsked(job, clauses),
  ];
  const place = ({ importance, evidence }: Requirement): number => (importance === 'required' ? 0 : job.text.length) + evidence[0].start;
  return all.toSorted((a, b) => place(a) - place(b)).slice(0, MAX_REQUIREMENTS);
}
