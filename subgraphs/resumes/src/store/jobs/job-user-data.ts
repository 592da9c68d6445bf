import type { EntityManager } from '@mikro-orm/sql';
import { JobEntity } from './job.entity.js';

/** A job is its company's: it stays, written by nobody. */
export async function forgetPoster(em: EntityManager, userId: string, erased: string): Promise<void> {
  for (const job of await em.find(JobEntity, { postedBy: userId })) em.assign(job, { postedBy: erased });
}

/** The jobs that somebody wrote, for an export of what is kept of them. */
export async function jobsPostedBy(em: EntityManager, userId: string): Promise<readonly object[]> {
  const rows = await em.find(JobEntity, { postedBy: userId }, { populate: ['text'], orderBy: { id: 'asc' } });
  return rows.map(({ id, companyId, companyName, title, text, status, createdAt, postedAt }) => ({
    id,
    companyId,
    companyName,
    title,
    text,
    status,
    createdAt,
    postedAt,
  }));
}
