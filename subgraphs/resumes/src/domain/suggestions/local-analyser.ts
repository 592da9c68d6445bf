import type { WordCutter } from '../understanding/skills.js';
import { assessmentOf } from './assessment-of.js';
import { compareResume } from './compare.js';
import type { Source } from './evidence.js';
import { readJob } from './read-job.js';
import type { Requirement } from './requirement.js';
import { NothingAsked, type SuggestionAnalyser } from './suggestion-analyser.js';
import { wordedIn, wordings } from './wording.js';

/** Raised whenever the rules say something else of the same resume and job. */
export const LOCAL_VERSION = '2';

/**
 * Says what fits by rules alone: what a job asks for is looked for in what was found in the resume. The same texts always get the same answer, and
 * no sentence in them is obeyed, because none is read for what it asks of the reader.
 */
export function createLocalAnalyser({ cut }: { readonly cut: WordCutter }): SuggestionAnalyser {
  return {
    name: 'local',
    version: LOCAL_VERSION,
    assess({ resume, job, locale }) {
      const requirements = readJob(job, cut);
      if (asksForNothing(requirements, job)) return Promise.reject(new NothingAsked());
      return Promise.resolve(assessmentOf(compareResume(resume, requirements), wordings[wordedIn(locale)]));
    },
  };
}

/** A title says what a job is; who only has that has not said what it asks for. */
export const asksForNothing = (requirements: readonly Requirement[], job: Source<'job'>): boolean =>
  requirements.every((requirement) => isOfTitle(requirement, job));

function isOfTitle({ evidence }: Requirement, { text }: Source<'job'>): boolean {
  const end = text.indexOf('\n');
  return evidence.every((quote) => end === -1 || quote.end <= end);
}
