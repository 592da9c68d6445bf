import type { Job } from '../jobs/job.js';
import { isSamePlace, placeIn, placeOf } from '../jobs/place.js';
import type { Reading } from '../jobs/read-posting.js';
import type { Assessment } from '../suggestions/assessment.js';
import { assessmentOf } from '../suggestions/assessment-of.js';
import { compareResume, type UnderstoodResume } from '../suggestions/compare.js';
import { evidenceIn, type Evidence } from '../suggestions/evidence.js';
import type { Asked } from '../suggestions/requirement.js';
import { scored } from '../suggestions/score.js';
import { wordedIn, wordings } from '../suggestions/wording.js';
import { ELSEWHERE_CAP, JUNK_CAP, LANGUAGE_CAP, type Note, type NoteKind } from './note.js';
import { noteTexts } from './wording.js';

/** How a resume and a job fit, and why. */
export interface Match {
  /** 0 to 100, whole: the assessment's, and no more than its notes allow. */
  readonly score: number;
  readonly assessment: Assessment;
  readonly notes: readonly Note[];
}

export interface Pair {
  readonly resume: UnderstoodResume;
  readonly job: Job;
  readonly reading: Reading;
  /** Whether whoever posted it posted the same text before. */
  readonly isCopy: boolean;
  /** BCP 47 tag of what is said in. */
  readonly locale: string;
}

/** A match whose words are found where somebody is shown them: many are weighed for each that is. */
export interface Weighed {
  readonly score: number;
  readonly notes: readonly Pick<Note, 'kind' | 'cap'>[];
  explain(): Match;
}

/**
 * Compares a resume with a job by the rules that suggestions are made by. What is hard limits the score, whatever else fits: another place, where
 * the work is done there; a language that is required and not shown; a posting that is junk.
 */
export function weigh({ resume, job, reading, isCopy, locale }: Pair): Weighed {
  const comparisons = compareResume(resume, reading.requirements);
  const place = resume.analysis.contact.location;
  const notes: { readonly kind: NoteKind; readonly cap: number | null; readonly evidence: () => Evidence; readonly asked?: Asked }[] = [];
  for (const { kind, evidence } of reading.junk) notes.push({ kind, cap: JUNK_CAP, evidence: () => evidence });
  if (isCopy) {
    // The title is where the text begins.
    const title = { start: 0, end: job.title.length };
    notes.push({ kind: 'duplicate', cap: JUNK_CAP, evidence: () => evidenceIn({ name: 'job', text: job.title }, [title]) });
  }
  for (const { requirement, foundIn } of comparisons) {
    const { asked, importance, evidence } = requirement;
    if (!foundIn && asked.kind === 'language' && importance === 'required')
      notes.push({ kind: 'language', cap: LANGUAGE_CAP, evidence: () => evidence, asked });
  }
  if (place && job.workMode !== 'remote') {
    const isSame = isSamePlace(placeIn(place.value), placeOf(job));
    const evidence = (): Evidence => evidenceIn(resume, place.spans);
    if (isSame === true) notes.push({ kind: 'same-place', cap: null, evidence });
    if (isSame === false) notes.push({ kind: 'elsewhere', cap: ELSEWHERE_CAP, evidence });
  }
  const score = Math.min(Math.round(scored(comparisons).score), ...notes.map(({ cap }) => cap ?? Infinity));

  return {
    score,
    notes,
    explain() {
      const language = wordedIn(locale);
      const words = wordings[language];
      const facts = { jobPlace: job.city ?? job.country ?? '', resumePlace: place?.value ?? '', workMode: job.workMode };
      const textOf = (kind: NoteKind, asked?: Asked): string =>
        noteTexts[language][kind]({ ...facts, language: asked ? words.label(asked) : '' });
      const assessment = assessmentOf(comparisons, words);
      // Of a comparison of nothing there is nothing to explain.
      const explanation = comparisons.length === 0 ? textOf('nothing-asked') : assessment.explanation;
      return {
        score,
        assessment: { ...assessment, explanation },
        notes: notes.map(({ kind, cap, evidence, asked }) => ({ kind, cap, text: textOf(kind, asked), evidence: evidence() })),
      };
    },
  };
}
