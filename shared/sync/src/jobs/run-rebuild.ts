import type { RelationalStore } from '@loomgraph/stores/relational';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDue, type Rewrite } from '../audit/repair.js';
import type { SourceRecords } from '../audit/source-records.js';
import type { Projection } from '../projection/define-projection.js';
import { BEHIND_LIVE } from '../relay/deliveries.js';
import { enqueueAll } from '../versions/enqueue-all.js';
import { liveProjection, type JobContext } from './job-context.js';

export interface RebuildResult {
  /** Records that were made due. */
  readonly records: number;
  /** Those that became dead letters. */
  readonly dead: number;
  /** Of a job that is not over: the last key that was made due; absent once all are. */
  readonly after?: string;
  readonly enqueued?: boolean;
}

const POLL_MS = 500;

/**
 * Writes every document of a projection anew, one by one in its place: a reader sees each as it was or as it is now. What target and source agreed on
 * is written over too, unless only changes are asked for. It waits until all are done.
 */
export async function runRebuild(context: JobContext): Promise<RebuildResult> {
  const { store, job, signal, note } = context;
  const { projection, source } = await liveProjection(context, job.projection as string); // `jobs` takes no rebuild without one
  const rewrite: Rewrite = job.options.changedOnly ? 'when-changed' : 'always';
  const before = job.result as RebuildResult | null | undefined; // its own, from before it was interrupted
  const { ids } = job.options;
  let records = before?.records ?? 0;
  const total = ids?.length ?? (await source.count());
  if (!before?.enqueued) {
    if (ids) records = await enqueueSome(store, { projection, source, rewrite, ids });
    else {
      await enqueueAll(store, {
        projection,
        source,
        rewrite,
        after: before?.after,
        onPage: async (after, count) => {
          signal.throwIfAborted();
          records += count;
          await note({ done: 0, total: Math.max(total, records), result: { records, dead: 0, after } satisfies RebuildResult });
        },
      });
    }
  }
  for (;;) {
    const { pending, dead } = await owedOf(store, projection);
    const result: RebuildResult = { records, dead };
    await note({ done: Math.max(0, records - pending), total: records, result: { ...result, enqueued: true } });
    if (pending === 0) return result;
    await sleep(POLL_MS, undefined, { signal });
  }
}

interface Some {
  readonly projection: Projection;
  readonly source: SourceRecords;
  readonly rewrite: Rewrite;
  readonly ids: readonly string[];
}

/** A record that is gone leaves a tombstone of at least the revision that its document has. */
async function enqueueSome(store: RelationalStore, { projection, source, rewrite, ids }: Some): Promise<number> {
  const existing = await source.existing(ids);
  const gone = ids.filter((id) => !existing.has(id));
  const entries = await projection.definition.target.entries(gone);
  await makeDue(store, { projection, rewrite }, [
    ...[...existing].map(([id, revision]) => ({ id, revision })),
    ...entries.flatMap((entry) => (entry ? [{ id: entry.id, revision: entry.revision, deleted: true }] : [])),
  ]);
  return ids.length;
}

async function owedOf(store: RelationalStore, { name }: Projection): Promise<{ readonly pending: number; readonly dead: number }> {
  const rows = await store
    .read()
    .execute<{ state: string; n: string | number }[]>(
      `select state, count(*) as n from ${store.table('delivery')} where projection = ? and (forced = 1 or first_outbox_id = ${BEHIND_LIVE}) group by state`,
      [name],
    );
  const count = (state: string): number => Number(rows.find((row) => row.state === state)?.n ?? 0);
  return { pending: count('pending'), dead: count('dead') };
}
