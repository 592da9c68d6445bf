import type { Clock, IdSource } from '@loomgraph/core';
import { checkedJob, type JobFields } from './checked-job.js';
import { JobConflict, JobInvalid, JobNotFound } from './errors.js';
import { isOpen, type Job } from './job.js';
import type { JobUnitOfWork, JobWriter } from './ports.js';
import type { PostingReader } from './read-posting.js';

/** Who may do what is decided before. */
export interface JobManagement {
  /** As a draft. @throws JobInvalid, JobEmpty, JobTooLong */
  create(fields: JobFields, by: { readonly companyId: string; readonly userId: string }): Promise<Job>;
  /** @throws JobNotFound, JobInvalid, JobEmpty, JobTooLong, JobConflict when `expectedRevision` is given and stale */
  update(id: string, fields: Partial<JobFields>, expectedRevision?: number): Promise<Job>;
  /** Shows it to everybody. It keeps the time at which it was published first. @throws JobNotFound, JobInvalid where it has expired */
  publish(id: string): Promise<Job>;
  /** Shows it to nobody beside its company. @throws JobNotFound */
  close(id: string): Promise<Job>;
  /** @throws JobNotFound */
  remove(id: string): Promise<void>;
}

export function createJobManagement(deps: {
  readonly unitOfWork: JobUnitOfWork;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly readPosting: PostingReader;
}): JobManagement {
  const { unitOfWork, clock, ids, readPosting } = deps;
  const locked = async (writer: JobWriter, id: string): Promise<Job> => {
    const job = await writer.lockJob(id);
    if (!job) throw new JobNotFound(id);
    return job;
  };
  const changed = async (writer: JobWriter, job: Job, changes: Partial<Job>): Promise<Job> => {
    const all = { ...changes, updatedAt: clock.now() };
    await writer.updateJob(job.id, all);
    return { ...job, ...all, revision: job.revision + 1 };
  };
  return {
    async create(fields, { companyId, userId }) {
      // Read before the transaction: a long text takes a while.
      const { text, ...checked } = checkedJob(fields);
      const reading = readPosting(text);
      return unitOfWork.run(async (writer) => {
        await writer.assertNotErased(userId);
        const now = clock.now();
        const job = {
          id: ids.next(),
          companyId,
          postedBy: userId,
          ...checked,
          status: 'draft' as const,
          postedAt: null,
          createdAt: now,
          updatedAt: now,
        };
        writer.insertJob(job, { text, reading });
        return { ...job, revision: 1 };
      });
    },
    update: (id, fields, expectedRevision) =>
      unitOfWork.run(async (writer) => {
        const job = await locked(writer, id);
        if (expectedRevision !== undefined && expectedRevision !== job.revision) throw new JobConflict(id, expectedRevision, job.revision);
        const kept = await writer.jobText(id);
        const { text, ...checked } = checkedJob({ ...job, description: kept.slice(job.title.length + 1), ...fields });
        const changes = Object.fromEntries(
          Object.entries(checked).filter(([name, value]) => !isEqual(job[name as keyof Job], value)),
        ) as Partial<Job>; // its properties are a job's
        // An update that changes nothing must not raise the revision.
        if (Object.keys(changes).length === 0 && text === kept) return job;
        const all = { ...changes, updatedAt: clock.now() };
        await writer.updateJob(id, all, text === kept ? undefined : { text, reading: readPosting(text) });
        return { ...job, ...all, revision: job.revision + 1 };
      }),
    publish: (id) =>
      unitOfWork.run(async (writer) => {
        const job = await locked(writer, id);
        const now = clock.now();
        if (!isOpen({ ...job, status: 'published' }, now))
          throw new JobInvalid('expiresAt', 'is in the past: set a later one with updateJob, or none');
        return job.status === 'published' ? job : changed(writer, job, { status: 'published', postedAt: job.postedAt ?? now });
      }),
    close: (id) =>
      unitOfWork.run(async (writer) => {
        const job = await locked(writer, id);
        return job.status === 'closed' ? job : changed(writer, job, { status: 'closed' });
      }),
    remove: (id) =>
      unitOfWork.run(async (writer) => {
        await locked(writer, id);
        await writer.deleteJob(id);
      }),
  };
}

/** Of what a job's fields hold: text, dates, a salary. */
const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
