import type { RelationalStore } from '@loomgraph/stores/relational';
import type { TaskHandler } from '@loomgraph/sync';
import { LockMode } from '@mikro-orm/core';
import { ResumeEntity } from '../store/entities.js';
import { followNewest } from '../store/passages.js';

export const CUT_PASSAGES = 'cut-passages';

const AT_ONCE = 20;

/**
 * Cuts what was understood before there were passages: enqueued at every start, it finds something at the first one only. Where it has come to is
 * kept with the task.
 */
export function cutPassages({ store, onCut }: { readonly store: RelationalStore; readonly onCut: () => void }): TaskHandler {
  return {
    maxAttempts: Infinity,
    async run({ payload }, { finish }) {
      const after = typeof payload === 'string' ? payload : '';
      const rows = await store.read().execute<{ id: string }[]>(
        `select distinct u.resume_id as id from ${store.table('resume_understanding')} u where u.state = 'done' and u.resume_id > ?
            and not exists (select 1 from ${store.table('resume_passage')} p where p.resume_id = u.resume_id) order by u.resume_id limit ${AT_ONCE}`,
        [after],
      );
      for (const { id } of rows)
        await store.transaction(async (em) => {
          const resume = await em.findOne(ResumeEntity, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
          if (resume) await followNewest(em, store, id);
        });
      if (rows.length > 0) onCut();
      const last = rows.at(-1)?.id;
      return rows.length < AT_ONCE ? finish() : finish(undefined, { payload: last, afterMs: 0 });
    },
  };
}
