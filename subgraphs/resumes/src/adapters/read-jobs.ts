import type { RelationalStore } from '@loomgraph/stores/relational';
import type { TaskHandler } from '@loomgraph/sync';
import { LockMode } from '@mikro-orm/core';
import { READING, type PostingReader } from '../domain/jobs/read-posting.js';
import { JobEntity } from '../store/jobs/job.entity.js';
import { contentColumns } from '../store/jobs/job.rows.js';

export const READ_JOBS = 'read-jobs';

const AT_ONCE = 20;

/** Reads jobs again that another release of the rules has read: enqueued at every start, it finds something at the first one after an upgrade. */
export function readJobs(deps: {
  readonly store: RelationalStore;
  readonly readPosting: PostingReader;
  /** Told once some are committed. */
  readonly onRead: () => void;
}): TaskHandler {
  const { store, readPosting, onRead } = deps;
  return {
    maxAttempts: Infinity,
    async run(_task, { finish }) {
      const rows = await store
        .read()
        .find(JobEntity, { readingVersion: { $ne: READING } }, { fields: ['id'], orderBy: { id: 'asc' }, limit: AT_ONCE });
      for (const { id } of rows)
        await store.transaction(async (em) => {
          const job = await em.findOne(JobEntity, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, populate: ['text'] });
          if (job && job.readingVersion !== READING) em.assign(job, contentColumns({ text: job.text, reading: readPosting(job.text) }));
        });
      if (rows.length > 0) onRead();
      return rows.length < AT_ONCE ? finish() : finish(undefined, { payload: null, afterMs: 0 });
    },
  };
}
