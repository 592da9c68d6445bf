import type { RelationalStore } from '@loomgraph/stores/relational';
import { onConflict, placeholders } from '../dialect.js';
import type { Projection } from '../projection/define-projection.js';

const DISPATCH_BATCH = 500;

interface ChangeRow {
  id: string | number;
  record_type: string;
  record_id: string;
  revision: string | number;
  deleted: boolean | number;
  occurred_at: string | number;
}

interface Collapsed {
  recordType: string;
  recordId: string;
  revision: number;
  deleted: boolean;
  firstOutboxId: number;
  changedAt: number;
}

/**
 * Moves a batch of change rows from the outbox to one delivery row per projection and record, in one transaction. Many changes of a record
 * collapse into one delivery: a projection is state-based. Rows are taken with SKIP LOCKED and removed, never "after the last id seen":
 * ids commit out of order.
 * @returns the projections that have something to deliver now; undefined when there was nothing to dispatch
 */
export async function dispatch(store: RelationalStore, projections: readonly Projection[]): Promise<ReadonlySet<string> | undefined> {
  return store.transaction(async (em) => {
    const rows = await em.execute<ChangeRow[]>(
      `select id, record_type, record_id, revision, deleted, occurred_at from ${store.table('outbox')}
       where kind = 'c' order by id limit ${DISPATCH_BATCH} for update skip locked`,
    );
    if (rows.length === 0) return undefined;
    const deliveries = collapse(rows).flatMap((record) =>
      projections
        .filter((projection) => projection.source === record.recordType)
        .map((projection) => ({ projection: projection.name, ...record })),
    );
    if (deliveries.length > 0) {
      await em.execute(
        `insert into ${store.table('delivery')} (projection, record_type, record_id, revision, deleted, first_outbox_id, changed_at,
           touches, state, attempts, available_at, lease_until)
         values ${placeholders(deliveries.length, 12)}
         ${upsertDelivery(store)}`,
        deliveries.flatMap((d) => [
          d.projection,
          d.recordType,
          d.recordId,
          d.revision,
          d.deleted,
          d.firstOutboxId,
          d.changedAt,
          1,
          'pending',
          0,
          0,
          0,
        ]),
        'run',
      );
    }
    await em.execute(
      `delete from ${store.table('outbox')} where id in (${rows.map(() => '?').join(', ')})`,
      rows.map((row) => row.id),
      'run',
    );
    return new Set(deliveries.map((delivery) => delivery.projection));
  });
}

/** A touched delivery starts over: the change may have mended what failed. MySQL assigns left to right, so `revision` comes last. */
export function upsertDelivery(store: RelationalStore): string {
  const d = store.dialect === 'postgresql' ? (column: string) => `delivery.${column}` : (column: string) => column;
  return onConflict(store.dialect, ['projection', 'record_type', 'record_id'], (incoming) => [
    `deleted = case when ${incoming('revision')} >= ${d('revision')} then ${incoming('deleted')} else ${d('deleted')} end`,
    `revision = greatest(${d('revision')}, ${incoming('revision')})`,
    `first_outbox_id = least(${d('first_outbox_id')}, ${incoming('first_outbox_id')})`,
    `changed_at = least(${d('changed_at')}, ${incoming('changed_at')})`,
    `touches = ${d('touches')} + 1`,
    `state = 'pending'`,
    `attempts = 0`,
    `available_at = 0`,
  ]);
}

/** One entry per record, sorted so that relays that dispatch at once lock delivery rows in the same order. */
function collapse(rows: readonly ChangeRow[]): Collapsed[] {
  const byRecord = new Map<string, Collapsed>();
  for (const row of rows) {
    const key = `${row.record_type}\n${row.record_id}`;
    const revision = Number(row.revision);
    const known = byRecord.get(key);
    if (!known) {
      byRecord.set(key, {
        recordType: row.record_type,
        recordId: row.record_id,
        revision,
        deleted: Boolean(row.deleted),
        firstOutboxId: Number(row.id),
        changedAt: Number(row.occurred_at),
      });
      continue;
    }
    if (revision >= known.revision) {
      known.revision = revision;
      known.deleted = Boolean(row.deleted);
    }
  }
  return [...byRecord.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
}
