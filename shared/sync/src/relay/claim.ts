import type { RelationalStore } from '@loomgraph/stores/relational';
import { nowMs } from '../dialect.js';
import type { Projection } from '../projection/define-projection.js';

/** A record leased to this relay for one projection. */
export interface Claim {
  readonly id: string;
  readonly revision: number;
  readonly deleted: boolean;
  /** How often the record was touched when it was claimed; a higher number at completion means it changed meanwhile. */
  readonly touches: number;
  readonly attempts: number;
  /** When the oldest change that this delivery covers was committed, ms since the epoch. */
  readonly changedAt: number;
}

interface ClaimRow {
  record_id: string;
  revision: string | number;
  deleted: boolean | number;
  touches: string | number;
  attempts: number;
  changed_at: string | number;
}

/**
 * Leases the oldest deliverable records of a projection. The lease is on the record, so one worker at a time has it; an expired lease can be
 * taken over. Records that a projection in `after` still owes are left for later.
 */
export async function claim(store: RelationalStore, projection: Projection, owner: string): Promise<Claim[]> {
  const delivery = store.table('delivery');
  const now = nowMs(store.dialect);
  const waits = projection.after.length
    ? `and not exists (select 1 from ${delivery} e where e.projection in (${projection.after.map(() => '?').join(', ')})
         and e.record_type = d.record_type and e.record_id = d.record_id and e.state = 'pending')`
    : '';
  return store.transaction(async (em) => {
    const rows = await em.execute<ClaimRow[]>(
      `select record_id, revision, deleted, touches, attempts, changed_at from ${delivery} d
       where projection = ? and record_type = ? and state = 'pending' and available_at <= ${now} and lease_until <= ${now} ${waits}
       order by first_outbox_id limit ${projection.policy.batch} for update ${store.dialect === 'mysql' || store.dialect === 'postgresql' ? 'of d ' : ''}skip locked`,
      [projection.name, projection.source, ...projection.after],
    );
    if (rows.length === 0) return [];
    await em.execute(
      `update ${delivery} set lease_owner = ?, lease_until = ${now} + ${projection.policy.leaseMs}
       where projection = ? and record_type = ? and record_id in (${rows.map(() => '?').join(', ')})`,
      [owner, projection.name, projection.source, ...rows.map((row) => row.record_id)],
      'run',
    );
    return rows.map((row) => ({
      id: row.record_id,
      revision: Number(row.revision),
      deleted: Boolean(row.deleted),
      touches: Number(row.touches),
      attempts: row.attempts,
      changedAt: Number(row.changed_at),
    }));
  });
}
