import { jobTextOf, type JobText } from '../suggestions/job-text.js';
import { toText } from '../understanding/text.js';
import { JobInvalid } from './errors.js';
import { jobLimits, type Salary, type WorkMode } from './job.js';

/** What somebody says of a job. */
export interface JobFields {
  readonly companyName: string;
  readonly title: string;
  readonly description: string;
  readonly country: string | null;
  readonly city: string | null;
  readonly workMode: WorkMode;
  readonly salary: Salary | null;
  readonly expiresAt: Date | null;
}

export interface CheckedJob extends Omit<JobFields, 'title' | 'description'>, JobText {}

/** Control characters, and marks that make text run the other way. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
const MARKUP = /[<>]/;
const COUNTRY = /^[A-Z]{2}$/;
const CURRENCY = /^[A-Z]{3}$/;

/**
 * A job as it is kept. A name is refused that is markup to a page which forgets to escape it; a description may hold `<`, and is text to whoever
 * reads it.
 * @throws JobInvalid, JobEmpty, JobTooLong
 */
export function checkedJob(fields: JobFields): CheckedJob {
  const { companyName, title, description, country, city, workMode, salary, expiresAt } = fields;
  const text = jobTextOf(named('title', title), description, { title: 'title', description: 'description' });
  if (country !== null && !COUNTRY.test(country)) throw new JobInvalid('country', 'is an ISO 3166 code of two letters, such as CN or DE');
  return {
    ...text,
    companyName: nameOf('companyName', companyName, jobLimits.companyNameLength),
    country,
    city: city === null ? null : nameOf('city', city, jobLimits.cityLength),
    workMode,
    salary: salary && checkedSalary(salary),
    expiresAt,
  };
}

function nameOf(at: string, given: string, limit: number): string {
  const name = toText([named(at, given)]);
  if (name === '') throw new JobInvalid(at, 'has no text');
  if (name.length > limit) throw new JobInvalid(at, `has ${name.length} characters, ${limit} are the most`);
  return name;
}

function named(at: string, given: string): string {
  if (!given.isWellFormed()) throw new JobInvalid(at, 'holds half of a surrogate pair');
  if (HIDDEN.test(given.trim())) throw new JobInvalid(at, 'holds characters that cannot be seen');
  // Full-width signs become these when the text gets its one form.
  if (MARKUP.test(given.normalize('NFKC'))) throw new JobInvalid(at, 'holds < or >: names are text without markup');
  return given;
}

function checkedSalary(salary: Salary): Salary {
  const { min, max, currency, period } = salary;
  if (!(min >= 0 && max >= min && max <= jobLimits.salary))
    throw new JobInvalid('salary', `goes from min to a max that is not less, in whole units up to ${jobLimits.salary}`);
  if (!CURRENCY.test(currency)) throw new JobInvalid('salary.currency', 'is an ISO 4217 code of three letters, such as CNY or EUR');
  return { min, max, currency, period };
}
