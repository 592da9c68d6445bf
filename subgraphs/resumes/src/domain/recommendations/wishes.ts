import type { Analysis } from '../understanding/analyse.js';
import { usualNameOf } from '../understanding/skills.js';
import { isOpen, type Job, type WorkMode } from '../jobs/job.js';
import { isWithin, placeIn, placeOf, type Place } from '../jobs/place.js';
import type { Reading } from '../jobs/read-posting.js';
import { paysAtLeast, type WantedSalary } from '../jobs/salary.js';

/** What a job must be: whatever is given decides, and nothing makes up for it. */
export interface JobWishes {
  readonly companyId?: string;
  /** One of these. */
  readonly workModes?: readonly WorkMode[];
  /** Work there, or from anywhere. */
  readonly location?: Place;
  readonly minSalary?: WantedSalary;
  /** The languages somebody works in, ISO 639: no other one may be required. */
  readonly languages?: readonly string[];
}

/** Whether a job is open and is all that was wished for, by what the record says of it at this moment. */
export function jobMeets(
  wishes: JobWishes,
  { job, reading, now }: { readonly job: Job; readonly reading: Reading; readonly now: Date },
): boolean {
  const { companyId, workModes, location, minSalary, languages } = wishes;
  if (!isOpen(job, now)) return false;
  if (companyId !== undefined && job.companyId !== companyId) return false;
  if (workModes && !workModes.includes(job.workMode)) return false;
  if (location && job.workMode !== 'remote' && !isWithin(placeOf(job), placeOf(location))) return false;
  if (minSalary && !paysAtLeast(job.salary, minSalary)) return false;
  return !languages || languagesRequired(reading).every((language) => languages.includes(language));
}

export const languagesRequired = ({ requirements }: Reading): readonly string[] =>
  requirements.flatMap(({ asked, importance }) => (asked.kind === 'language' && importance === 'required' ? [asked.language] : []));

/** What a resume must say. */
export interface ResumeWishes {
  /** All of them, by any of their names. */
  readonly skills?: readonly string[];
  readonly minYears?: number;
  /** All of them, ISO 639. */
  readonly languages?: readonly string[];
  /** Of somebody there; who does not say where they are is not. */
  readonly location?: Place;
}

export function resumeMeets({ skills, minYears, languages, location }: ResumeWishes, analysis: Analysis): boolean {
  const named = new Set(analysis.skills.map(({ value }) => value.name));
  if (skills && !skills.every((skill) => named.has(usualNameOf(skill)))) return false;
  if (minYears !== undefined && (analysis.years?.value ?? -1) < minYears) return false;
  if (languages && !languages.every((one) => analysis.languages.some(({ value }) => value.language === one))) return false;
  return !location || (analysis.contact.location !== null && isWithin(placeIn(analysis.contact.location.value), placeOf(location)));
}
