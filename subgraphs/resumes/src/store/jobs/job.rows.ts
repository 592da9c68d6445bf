import type { Job, JobContent, Salary } from '../../domain/jobs/job.js';
import type { Reading } from '../../domain/jobs/read-posting.js';

/** A job as its row has it: a salary in four columns. */
export interface JobRow extends Omit<Job, 'salary'> {
  readonly salaryMin: number | null;
  readonly salaryMax: number | null;
  readonly salaryCurrency: string | null;
  readonly salaryPeriod: string | null;
}

export function toJob(row: JobRow): Job {
  const {
    id,
    companyId,
    companyName,
    postedBy,
    title,
    country,
    city,
    workMode,
    status,
    postedAt,
    expiresAt,
    createdAt,
    updatedAt,
    revision,
  } = row;
  const { salaryMin: min, salaryMax: max, salaryCurrency: currency, salaryPeriod: period } = row;
  const hasSalary = min !== null && max !== null && currency !== null && period !== null;
  return {
    id,
    companyId,
    companyName,
    postedBy,
    title,
    country,
    city,
    workMode,
    salary: hasSalary ? ({ min, max, currency, period } as Salary) : null, // as `salaryColumns` wrote it
    status,
    postedAt,
    expiresAt,
    createdAt,
    updatedAt,
    revision,
  };
}

export const salaryColumns = (salary: Salary | null) => ({
  salaryMin: salary?.min ?? null,
  salaryMax: salary?.max ?? null,
  salaryCurrency: salary?.currency ?? null,
  salaryPeriod: salary?.period ?? null,
});

export const contentColumns = ({ text, reading }: Omit<JobContent, 'id'>) => ({
  text,
  reading: JSON.stringify(reading),
  readingVersion: reading.version,
});

/** As `contentColumns` wrote it. */
export const toReading = (text: string): Reading => JSON.parse(text) as Reading;
