import type { Reading } from './read-posting.js';

export const jobStatuses = ['draft', 'published', 'closed'] as const;
export type JobStatus = (typeof jobStatuses)[number];

export const workModes = ['onsite', 'hybrid', 'remote'] as const;
/** Where the work is done: at the company's place, there on some days, or anywhere. */
export type WorkMode = (typeof workModes)[number];

export const salaryPeriods = ['hour', 'day', 'month', 'year'] as const;
export type SalaryPeriod = (typeof salaryPeriods)[number];

/** What is paid, before taxes, in whole units of the currency. */
export interface Salary {
  readonly min: number;
  /** At least `min`. */
  readonly max: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly period: SalaryPeriod;
}

/** A job that a company offers. */
export interface Job {
  readonly id: string;
  readonly companyId: string;
  /** As the notice has it. */
  readonly companyName: string;
  /** Who wrote it; `erased` once they are gone. */
  readonly postedBy: string;
  readonly title: string;
  /** ISO 3166-1 alpha-2; null where it is not said. */
  readonly country: string | null;
  readonly city: string | null;
  readonly workMode: WorkMode;
  readonly salary: Salary | null;
  readonly status: JobStatus;
  /** When it was published first: publishing again makes it no newer. */
  readonly postedAt: Date | null;
  /** From then on it is not shown as open. */
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Rises by one with every committed change. */
  readonly revision: number;
}

/** Its texts, which a list reads for those that are asked for. */
export interface JobContent {
  readonly id: string;
  /** The title, then the description: what spans count in. */
  readonly text: string;
  readonly reading: Reading;
}

/** Whether anybody may see it. */
export const isOpen = ({ status, expiresAt }: Pick<Job, 'status' | 'expiresAt'>, now: Date): boolean =>
  status === 'published' && (expiresAt === null || expiresAt > now);

export const jobLimits = {
  titleLength: 200,
  companyNameLength: 200,
  cityLength: 100,
  idLength: 64,
  /** Fits an integer of every store. */
  salary: 2_000_000_000,
} as const;
