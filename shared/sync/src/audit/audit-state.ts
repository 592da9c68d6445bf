import type { RelationalStore } from '@loomgraph/stores/relational';
import { onConflict } from '../dialect.js';
import type { AuditStatus } from '../status.js';
import { emptyTally, foundIn, type Tally } from './tally.js';
import type { AuditPhase } from './walk.js';

/** Where the audit of a projection stands; kept in its row, so whoever takes the lease goes on from there. */
export interface AuditState {
  readonly phase: AuditPhase | 'rest';
  readonly after: string | undefined;
  readonly startedAt: number;
  readonly tally: Tally;
  readonly repaired: number;
  readonly lastCycle: AuditStatus | undefined;
}

interface AuditRow {
  readonly phase: AuditState['phase'];
  readonly position: string | null;
  readonly cycle_started_at: string | number;
  readonly repaired: string | number;
  readonly detail: string | null;
  readonly last_cycle: string | null;
}

/** @returns undefined when the projection was never audited */
export async function readAuditState(store: RelationalStore, projection: string): Promise<AuditState | undefined> {
  const [row] = await store
    .read()
    .execute<AuditRow[]>(
      `select phase, position, cycle_started_at, repaired, detail, last_cycle from ${store.table('audit')} where projection = ?`,
      [projection],
    );
  if (!row) return undefined;
  return {
    phase: row.phase,
    after: row.position ?? undefined,
    startedAt: Number(row.cycle_started_at),
    // Both were written below.
    tally: row.detail === null ? emptyTally() : (JSON.parse(row.detail) as Tally),
    repaired: Number(row.repaired),
    lastCycle: row.last_cycle === null ? undefined : (JSON.parse(row.last_cycle) as AuditStatus),
  };
}

export async function saveAuditState(store: RelationalStore, projection: string, state: AuditState): Promise<void> {
  const { tally } = state;
  const columns = {
    projection,
    phase: state.phase,
    position: state.after ?? null,
    cycle_started_at: state.startedAt,
    checked: tally.checked,
    missing: tally.missing,
    stale: tally.stale,
    orphan: tally.orphan,
    corrupt: tally.corrupt,
    repaired: state.repaired,
    detail: JSON.stringify(tally),
    last_cycle: state.lastCycle ? JSON.stringify(state.lastCycle) : null,
  };
  const names = Object.keys(columns);
  await store.transaction((em) =>
    em.execute(
      `insert into ${store.table('audit')} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})
       ${onConflict(store.dialect, ['projection'], (incoming) => names.slice(1).map((name) => `${name} = ${incoming(name)}`))}`,
      Object.values(columns),
      'run',
    ),
  );
}

/**
 * A cycle that has ended, as status shows it. Of what it found, what is no longer owed is repaired; a later repair of other records, or a rebuild,
 * takes none of that back.
 */
export function endCycle(
  { startedAt, tally, repaired }: Pick<AuditState, 'startedAt' | 'tally' | 'repaired'>,
  endedAt: number,
  owed: number,
): AuditStatus {
  const { checked, missing, stale, orphan, corrupt } = tally;
  return { startedAt, endedAt, checked, missing, stale, orphan, corrupt, repaired: Math.max(repaired, foundIn(tally) - owed) };
}
