import type { SyncPosition } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';

/** Something a position still waits for, or waits for in vain. */
export interface Pending {
  /** Of the projections that were asked for; undefined while the change is in the outbox, from where it goes to any of them. */
  readonly projection: string | undefined;
  readonly isDead: boolean;
  /** When the oldest change it stands for was made, ms since the epoch. */
  readonly changedAt: number;
}

interface PendingRow {
  readonly projection: string | null;
  readonly state: string;
  readonly changed_at: string | number;
}

/**
 * What of a position has not reached the projections; empty once it has. One statement, so that no row can slip from the outbox to the deliveries,
 * or from a search for dependents to the dependents, between two looks.
 *
 * Only rows that overlap the position count: what was written before and still waits holds nobody up who did not write it. A delivery covers the
 * outbox ids from its first to its last. The newest are looked at first: where a backlog waits, the rows that matter are at its end.
 */
export async function findPending(
  store: RelationalStore,
  [first, last]: SyncPosition,
  projections: readonly string[],
): Promise<readonly Pending[]> {
  const delivery = store.table('delivery');
  const overlaps = 'first_outbox_id <= ? and last_outbox_id >= ?';
  const statements = [
    {
      sql: `select null as projection, 'pending' as state, min(occurred_at) as changed_at from ${store.table('outbox')}
              where kind = 'c' and id between ? and ? having count(*) > 0`,
      parameters: [first, last] as unknown[],
    },
    ...projections.flatMap((projection) => [
      {
        sql: `(select projection, state, changed_at from ${delivery} where projection = ? and state = 'pending' and ${overlaps}
                 order by first_outbox_id desc limit 1)`,
        parameters: [projection, last, first],
      },
      {
        sql: `(select projection, state, changed_at from ${delivery} where projection = ? and state in ('dead', 'discarded') and ${overlaps} limit 1)`,
        parameters: [projection, last, first],
      },
      {
        // The searches for its dependents: few, and none most of the time.
        sql: `(select projection, state, changed_at from ${delivery} where projection like ? and ${overlaps} limit 1)`,
        parameters: [`${projection}<-%`, last, first],
      },
    ]),
  ];
  const rows = await store.read().execute<PendingRow[]>(
    statements.map(({ sql }) => sql).join('\nunion all\n'),
    statements.flatMap(({ parameters }) => parameters),
  );
  return rows.map((row) => ({
    projection: row.projection?.split('<-')[0],
    isDead: row.state !== 'pending',
    changedAt: Number(row.changed_at),
  }));
}
