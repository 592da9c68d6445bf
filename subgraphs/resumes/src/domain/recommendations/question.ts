import type { Reading } from '../jobs/read-posting.js';
import { comparableText } from '../search/comparable-text.js';
import { MAX_QUERY_LENGTH } from '../search/search-resumes.js';
import type { UnderstoodResume } from '../suggestions/compare.js';

/** What jobs are searched by for a resume: its positions and skills, else what it says; nobody's name, and no way to reach them. */
export function questionOfResume({ text, analysis }: UnderstoodResume): string {
  const named = [
    ...analysis.work.flatMap(({ position }) => (position ? [position.value] : [])),
    ...analysis.skills.map(({ value }) => value.name),
  ];
  return short(named.length > 0 ? distinct(named) : comparableText(text, { start: 0, end: text.length }, analysis.contact));
}

/** What resumes are searched by for a job: its title, and the skills that it asks for. */
export function questionOfJob(title: string, { requirements }: Reading): string {
  const skills = requirements.flatMap(({ asked }) => (asked.kind === 'skill' ? asked.anyOf.map(({ name }) => name) : []));
  return short(distinct([title, ...skills]));
}

const distinct = (names: readonly string[]): string => [...new Set(names)].join(' ');
const short = (text: string): string => text.slice(0, MAX_QUERY_LENGTH).toWellFormed();
