import type { Analysis } from './analyse.js';
import { isoOf } from './periods.js';
import { linesOf } from './text.js';

/** https://jsonresume.org/schema: an object whose known parts are as the schema has them; whatever else it holds is kept. */
export type JsonResume = Readonly<Record<string, unknown>>;

/** What was understood, as JSON Resume. What was not found is left out. */
export function toJsonResume(text: string, { contact, work, education, skills, languages, sections }: Analysis): JsonResume {
  const summary = sections.find(({ kind }) => kind === 'summary');
  const basics = without({
    name: contact.name?.value,
    label: contact.label?.value,
    email: contact.email?.value,
    phone: contact.phone?.value,
    url: contact.urls[0]?.value,
    summary: summary && summary.lines.map((line) => line.text).join('\n'),
    location: contact.location ? { address: contact.location.value } : undefined,
  });
  const byGroup = Map.groupBy(skills, ({ value }) => value.group);
  return without({
    $schema: 'https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json',
    basics,
    work: work.map(({ company, position, period, highlights }) =>
      without({
        name: company?.value,
        position: position?.value,
        startDate: isoOf(period.from),
        endDate: period.to ? isoOf(period.to) : undefined,
        highlights: highlights.map((line) => line.text),
      }),
    ),
    education: education.map(({ institution, degree, area, startDate, endDate }) =>
      without({
        institution: institution.value,
        studyType: degree?.value,
        area: area?.value,
        startDate: startDate ?? undefined,
        endDate: endDate ?? undefined,
      }),
    ),
    skills: [...byGroup].map(([name, found]) => ({ name, keywords: found.map(({ value }) => value.name) })),
    languages: languages.map(({ value }) =>
      without({ language: value.language, fluency: value.fluency === '' ? undefined : value.fluency }),
    ),
  });
}

/** The text of a resume that came as JSON Resume, with headings, so that it is searched and analysed as any other. */
export function textOfJsonResume(resume: JsonResume): readonly string[] {
  const basics = object(resume['basics']);
  const location = object(basics['location']);
  const place = [location['city'], location['region'], location['countryCode'] ?? location['address']]
    .map(text)
    .filter((part) => part !== '');
  const lines: string[] = [
    text(basics['name']),
    text(basics['label']),
    [basics['email'], basics['phone'], basics['url']]
      .map(text)
      .filter((part) => part !== '')
      .join(' | '),
    ...(place.length > 0 ? [`Location: ${place.join(', ')}`] : []),
    ...list(basics['profiles']).map((profile) => text(profile['url'])),
  ];
  const section = (heading: string, entries: readonly string[]): void => {
    const shown = entries.filter((entry) => entry.trim() !== '');
    if (shown.length > 0) lines.push(heading, ...shown);
  };
  section('Summary', [text(basics['summary'])]);
  section(
    'Work Experience',
    list(resume['work']).flatMap((entry) => [
      joined([entry['name'] ?? entry['company'], entry['position'], dates(entry)]),
      text(entry['summary']),
      ...texts(entry['highlights']),
    ]),
  );
  section(
    'Projects',
    list(resume['projects']).flatMap((entry) => [
      joined([entry['name'], dates(entry)]),
      text(entry['description']),
      ...texts(entry['highlights']),
      texts(entry['keywords']).join(', '),
    ]),
  );
  section(
    'Education',
    list(resume['education']).flatMap((entry) => [
      joined([entry['institution'], entry['studyType'], entry['area'], dates(entry)]),
      ...texts(entry['courses']),
    ]),
  );
  section(
    'Skills',
    list(resume['skills']).map((entry) => [text(entry['name']), ...texts(entry['keywords'])].filter((part) => part !== '').join(', ')),
  );
  section(
    'Languages',
    list(resume['languages']).map((entry) => joined([entry['language'], entry['fluency']])),
  );
  section(
    'Certificates',
    list(resume['certificates']).map((entry) => joined([entry['name'], entry['issuer'], entry['date']])),
  );
  section(
    'Awards',
    list(resume['awards']).map((entry) => joined([entry['title'], entry['awarder'], entry['summary']])),
  );
  return lines.flatMap((line) => linesOf(line).map((one) => one.text));
}

const without = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)));
const object = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(object) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(text).filter((one) => one !== '') : []);
const joined = (parts: readonly unknown[]): string =>
  parts
    .map(text)
    .filter((part) => part !== '')
    .join(' | ');
const dates = (entry: Record<string, unknown>): string => {
  const [from, to] = [text(entry['startDate']), text(entry['endDate'])].map((date) => date.slice(0, 7));
  return from ? `${from} - ${to || 'Present'}` : (to ?? '');
};
