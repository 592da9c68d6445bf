import type { Job } from '../jobs/job.js';
import type { Reading } from '../jobs/read-posting.js';

export interface Posting {
  readonly job: Pick<Job, 'id' | 'companyId' | 'postedBy' | 'createdAt'>;
  readonly reading: Pick<Reading, 'textHash'>;
}

/** The ids of postings that say what an earlier one of the same company, or of the same person, says. The earliest stands. */
export function copiesAmong(postings: readonly Posting[]): ReadonlySet<string> {
  const copies = new Set<string>();
  for (const same of Map.groupBy(postings, ({ reading }) => reading.textHash).values()) {
    const inOrder = same.map(({ job }) => job).toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
    const posters = new Set<string>();
    for (const { id, companyId, postedBy } of inOrder) {
      const own = [`company:${companyId}`, `person:${postedBy}`];
      if (own.some((poster) => posters.has(poster))) copies.add(id);
      for (const poster of own) posters.add(poster);
    }
  }
  return copies;
}
