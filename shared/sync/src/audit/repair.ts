import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Projection } from '../projection/define-projection.js';
import { BEHIND_LIVE, enqueueDeliveries } from '../relay/deliveries.js';

export interface DueRecord {
  readonly id: string;
  readonly revision: number;
  readonly deleted?: boolean;
}

/**
 * `when-changed`: written where the target holds something else than the record derives to. `always`: written over whatever is there, a newer revision
 * and an unchanged fingerprint too.
 */
export type Rewrite = 'when-changed' | 'always';

/** Makes records due for a projection, behind all that live changes make due. A dead letter of theirs starts over, one that was given up too. */
export async function makeDue(
  store: RelationalStore,
  { projection, rewrite }: { readonly projection: Pick<Projection, 'name' | 'source'>; readonly rewrite: Rewrite },
  records: readonly DueRecord[],
  now = Date.now(),
): Promise<void> {
  if (records.length === 0) return;
  const deliveries = records.map(({ id, revision, deleted = false }) => ({
    projection: projection.name,
    recordType: projection.source,
    recordId: id,
    revision,
    deleted,
    firstOutboxId: BEHIND_LIVE,
    lastOutboxId: 0,
    changedAt: now,
    forced: rewrite === 'always',
  }));
  await store.transaction((em) => enqueueDeliveries(store, em, deliveries));
}

/** How many forced deliveries a projection is still owed. */
export async function repairsOwed(store: RelationalStore, projection: string): Promise<number> {
  const [row] = await store
    .read()
    .execute<{ n: string | number }[]>(
      `select count(*) as n from ${store.table('delivery')} where projection = ? and forced = 1 and state <> 'discarded'`,
      [projection],
    );
  return Number(row?.n ?? 0);
}
