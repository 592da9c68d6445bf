import { forbidden, requireIdentity, type Identity, type ResourceRef } from '@loomgraph/auth';
import { JobNotFound } from '../../domain/jobs/errors.js';
import { isOpen, type Job } from '../../domain/jobs/job.js';
import type { ResumesContext } from '../context.js';

export type JobAction = 'update' | 'publish' | 'delete';

const refOf = ({ id, companyId, postedBy: ownerId }: Job): ResourceRef => ({ type: 'job', id, companyId, ownerId });

/** A job that the caller may see: everybody those that are open, members of its company by their roles and administrators every one. */
export async function readableJob(context: ResumesContext, id: string): Promise<Job | null> {
  const job = await context.loaders.job.load(id);
  if (!job || isOpen(job, context.now)) return job;
  return (await context.authorizer.check(context.identity, 'read', refOf(job))).allowed ? job : null;
}

export const mayChange = async ({ authorizer, identity }: ResumesContext, job: Job): Promise<boolean> =>
  (await authorizer.check(identity, 'update', refOf(job))).allowed;

/**
 * The caller, who may do it to the job. Whoever may not see it does not learn that it is there.
 * @throws LoomError UNAUTHENTICATED, FORBIDDEN; JobNotFound
 */
export async function requireJob(context: ResumesContext, action: JobAction, id: string): Promise<Identity> {
  const identity = requireIdentity(context.identity);
  const job = await readableJob(context, id);
  if (!job) throw new JobNotFound(id);
  if (!(await context.authorizer.check(identity, action, refOf(job))).allowed) throw forbidden(action, refOf(job));
  return identity;
}
