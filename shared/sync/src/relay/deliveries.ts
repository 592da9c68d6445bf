import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { onConflict } from '../dialect.js';

/** A record that is due for a projection, or for the search for a projection's dependents. */
export interface NewDelivery {
  readonly projection: string;
  readonly recordType: string;
  readonly recordId: string;
  readonly revision: number;
  readonly deleted: boolean;
  readonly firstOutboxId: number;
  readonly lastOutboxId: number;
  readonly changedAt: number;
  /** Repair: written whatever the target holds. */
  readonly forced?: boolean;
}

/** Deliveries that no live change asked for sort behind all that one did, so they never hold up a reader's wait. */
export const BEHIND_LIVE = Number.MAX_SAFE_INTEGER;
/** Rows per statement: PostgreSQL takes 65,535 parameters. */
const ROWS_PER_STATEMENT = 1_000;
const ROW = `(?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 'pending', 0, 0, 0)`;

/** Makes records due; those that are due already collapse with what they are due for. Sorted, so that those who do it at once lock in one order. */
export async function enqueueDeliveries(store: RelationalStore, em: EntityManager, deliveries: readonly NewDelivery[]): Promise<void> {
  const sorted = deliveries.toSorted(
    (a, b) => compare(a.projection, b.projection) || compare(a.recordType, b.recordType) || compare(a.recordId, b.recordId),
  );
  for (let start = 0; start < sorted.length; start += ROWS_PER_STATEMENT) {
    const rows = sorted.slice(start, start + ROWS_PER_STATEMENT);
    await em.execute(
      `insert into ${store.table('delivery')} (projection, record_type, record_id, revision, deleted, first_outbox_id, last_outbox_id, changed_at,
         forced, touches, state, attempts, available_at, lease_until)
       values ${rows.map(() => ROW).join(', ')} ${upsertDelivery(store)}`,
      rows.flatMap((row) => [
        row.projection,
        row.recordType,
        row.recordId,
        row.revision,
        row.deleted,
        row.firstOutboxId,
        row.lastOutboxId,
        row.changedAt,
        row.forced ? 1 : 0,
      ]),
      'run',
    );
  }
}

/** A touched delivery starts over: the change may have mended what failed. MySQL assigns left to right, so `revision` follows what compares it. */
function upsertDelivery(store: RelationalStore): string {
  const d = store.dialect === 'postgresql' ? (column: string) => `delivery.${column}` : (column: string) => column;
  return onConflict(store.dialect, ['projection', 'record_type', 'record_id'], (incoming) => [
    `deleted = case when ${incoming('revision')} >= ${d('revision')} then ${incoming('deleted')} else ${d('deleted')} end`,
    `revision = greatest(${d('revision')}, ${incoming('revision')})`,
    `first_outbox_id = least(${d('first_outbox_id')}, ${incoming('first_outbox_id')})`,
    `since_outbox_id = least(${d('since_outbox_id')}, ${incoming('first_outbox_id')})`,
    `last_outbox_id = greatest(${d('last_outbox_id')}, ${incoming('last_outbox_id')})`,
    `changed_at = least(${d('changed_at')}, ${incoming('changed_at')})`,
    `since_changed_at = least(${d('since_changed_at')}, ${incoming('changed_at')})`,
    `forced = greatest(${d('forced')}, ${incoming('forced')})`,
    `touches = ${d('touches')} + 1`,
    `state = 'pending'`,
    `attempts = 0`,
    `available_at = 0`,
  ]);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
