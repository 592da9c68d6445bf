import type { LazyPage, PageRequest, ResourceFilter } from '@loomgraph/core';
import type { Job, JobContent, JobStatus, WorkMode } from './job.js';
import type { Reading } from './read-posting.js';

export interface JobOrder {
  readonly field: 'title' | 'createdAt' | 'updatedAt';
  readonly direction: 'asc' | 'desc';
}

/** Every given condition must hold. */
export interface JobListFilter {
  readonly ids?: readonly string[];
  readonly companyId?: string;
  readonly status?: JobStatus;
  /** Part of the title, any case. */
  readonly titleContains?: string;
  readonly country?: string;
  /** As its jobs name it, any case. */
  readonly city?: string;
  readonly workMode?: WorkMode;
  readonly updatedAfter?: Date;
  /** Which the caller may see beside those that are open at this moment. */
  readonly visible: { readonly filter: ResourceFilter; readonly now: Date };
}

/** Each call is one statement, a page's count another. */
export interface JobReader {
  jobsByIds(ids: readonly string[]): Promise<readonly Job[]>;
  jobContentsOf(ids: readonly string[]): Promise<readonly JobContent[]>;
  /** Without their texts. */
  readingsOf(ids: readonly string[]): Promise<ReadonlyMap<string, Reading>>;
  listJobs(filter: JobListFilter, order: JobOrder, page: PageRequest): Promise<LazyPage<Job>>;
}

export interface JobWriter {
  /** @throws LoomError UNAUTHENTICATED for a user who was erased */
  assertNotErased(userId: string): Promise<void>;
  lockJob(id: string): Promise<Job | null>;
  jobText(id: string): Promise<string>;
  insertJob(job: Omit<Job, 'revision'>, content: Omit<JobContent, 'id'>): void;
  updateJob(id: string, changes: Partial<Job>, content?: Omit<JobContent, 'id'>): Promise<void>;
  deleteJob(id: string): Promise<void>;
}

export interface JobUnitOfWork {
  run<T>(work: (writer: JobWriter) => Promise<T>): Promise<T>;
}
