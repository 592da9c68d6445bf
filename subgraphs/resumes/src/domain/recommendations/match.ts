import type { Job } from '../jobs/job.js';
import { isSamePlace, placeIn, placeOf } from '../jobs/place.js';
import type { Reading } from '../jobs/read-posting.js';
import type { Assessment } from '../suggestions/assessment.js';
import { assessmentOf } from '../suggestions/assessment-of.js';
import { compareResume, type UnderstoodResume } from '../suggestions/compare.js';
import { evidenceIn, type Evidence } from '../suggestions/evidence.js';
import { wordedIn, wordings } from '../suggestions/wording.js';
import { ELSEWHERE_CAP, JUNK_CAP, LANGUAGE_CAP, type Note, type NoteKind } from './note.js';
import { noteTexts, type NoteFacts } from './wording.js';

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

/**
 * Compares a resume with a job by the rules that suggestions are made by. What is hard limits the score, whatever else fits: another place, where
 * the work is done there; a language that is required and not shown; a posting that is junk.
 */
export function match({ resume, job, reading, isCopy, locale }: Pair): Match {
  const language = wordedIn(locale);
  const words = wordings[language];
  const assessment = assessmentOf(compareResume(resume, reading.requirements), words);
  const place = resume.analysis.contact.location;
  const facts: NoteFacts = {
    jobPlace: job.city ?? job.country ?? '',
    resumePlace: place?.value ?? '',
    workMode: job.workMode,
    language: '',
  };
  const note = (kind: NoteKind, cap: number | null, evidence: Evidence, more: Partial<NoteFacts> = {}): Note => ({
    kind,
    cap,
    text: noteTexts[language][kind]({ ...facts, ...more }),
    evidence,
  });
  const notes: Note[] = [];
  for (const { kind, evidence } of reading.junk) notes.push(note(kind, JUNK_CAP, evidence));
  // The title is where the text begins.
  const title = { start: 0, end: job.title.length };
  if (isCopy) notes.push(note('duplicate', JUNK_CAP, evidenceIn({ name: 'job', text: job.title }, [title])));
  for (const { asked, importance, label, evidence } of assessment.missing)
    if (asked.kind === 'language' && importance === 'required') notes.push(note('language', LANGUAGE_CAP, evidence, { language: label }));
  if (place && job.workMode !== 'remote') {
    const isSame = isSamePlace(placeIn(place.value), placeOf(job));
    if (isSame !== undefined)
      notes.push(note(isSame ? 'same-place' : 'elsewhere', isSame ? null : ELSEWHERE_CAP, evidenceIn(resume, place.spans)));
  }
  // Of a comparison of nothing there is nothing to explain.
  const explanation = reading.requirements.length === 0 ? noteTexts[language]['nothing-asked'](facts) : assessment.explanation;
  return {
    score: Math.min(assessment.score, ...notes.map(({ cap }) => cap ?? Infinity)),
    assessment: { ...assessment, explanation },
    notes,
  };
}
