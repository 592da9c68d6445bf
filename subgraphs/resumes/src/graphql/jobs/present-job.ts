import type { Job as JobRecord } from '../../domain/jobs/job.js';
import { member } from '../present.js';
import { JobStatus, SalaryPeriod, WorkMode, type Job } from './job.type.js';

/** The record as the schema shows it. */
export function toJob(record: JobRecord): Job {
  const {
    id,
    companyId,
    companyName,
    title,
    country,
    city,
    workMode,
    salary,
    status,
    postedAt,
    expiresAt,
    createdAt,
    updatedAt,
    revision,
  } = record;
  return {
    id,
    companyId,
    companyName,
    title,
    country,
    city,
    workMode: member(WorkMode, workMode),
    salary: salary && { ...salary, period: member(SalaryPeriod, salary.period) },
    status: member(JobStatus, status),
    postedAt,
    expiresAt,
    createdAt,
    updatedAt,
    revision,
    record,
  };
}
