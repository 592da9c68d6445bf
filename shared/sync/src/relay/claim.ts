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
  const waits =
    projection.after.length > 0
      ? { sql: `and ${owedByNone(store, projection.after.length)}`, parameters: [...projection.after, projection.source] }
      : { sql: '', parameters: [] };
  return store.transaction(async (em) => {
    const rows = await em.execute<ClaimRow[]>(
      `select record_id, revision, deleted, touches, attempts, changed_at from ${delivery} d
       where projection = ? and record_type = ? and state = 'pending' and available_at <= ${now} and lease_until <= ${now} ${waits.sql}
       order by first_outbox_id limit ${projection.policy.batch} for update ${store.dialect === 'mysql' || store.dialect === 'postgresql' ? 'of d ' : ''}skip locked`,
      [projection.name, projection.source, ...waits.parameters],
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

/**
 * The condition that none of `count` projections owes the record `d`; parameters: their names, the record type.
 * PostgreSQL makes a hash table of NOT IN, whatever it believes of the tables. It has no statistics when embedded, and of a queue they are never
 * current: NOT EXISTS then became a join of each record that waits with each that is owed, 0.9 s per claim at 2,000 records and growing with
 * their square, in which the whole process stood still.
 * MySQL looks each record up by its key, so there a claim reads no more than it takes while the others are ahead.
 */
function owedByNone(store: RelationalStore, count: number): string {
  const owed = `from ${store.table('delivery')} e where e.projection in (${Array.from({ length: count }, () => '?').join(', ')})
    and e.record_type = ? and e.state = 'pending'`;
  return store.dialect === 'postgresql'
    ? `d.record_id not in (select e.record_id ${owed})`
    : `not exists (select 1 ${owed} and e.record_id = d.record_id)`;
}
