import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { BEHIND_LIVE } from './deliveries.js';
import { nowMs } from '../dialect.js';
import type { ProjectionPolicy } from '../projection/policy.js';
import { marks, writeReturning } from './statement.js';

/** What deliveries are claimed for: a projection, or the search for a projection's dependents. */
export interface Claimable {
  readonly name: string;
  /** The record type of its deliveries. */
  readonly source: string;
  /** The version it writes: nothing is claimed while another one serves reads. Undefined where that makes no difference. */
  readonly version?: string | undefined;
  readonly after: readonly string[];
  readonly policy: ProjectionPolicy;
}

/** A record leased to this relay for one projection. */
export interface Claim {
  readonly id: string;
  readonly revision: number;
  readonly deleted: boolean;
  /** How often the record was touched when it was claimed; a higher number at completion means it changed meanwhile. */
  readonly touches: number;
  readonly attempts: number;
  /** The outbox ids of the changes that this delivery covers lie between these. */
  readonly firstOutboxId: number;
  readonly lastOutboxId: number;
  /** When the oldest of them was made, ms since the epoch. */
  readonly changedAt: number;
  /** Repair: written whatever the target holds. */
  readonly forced: boolean;
}

/** What one claim took. */
export interface Batch {
  readonly claims: readonly Claim[];
  /** Higher than that of every earlier claim of the projection; writes carry it, so that of two workers the later one wins. */
  readonly fence: number;
  /** What the deliveries are leased to: this claim alone. */
  readonly token: string;
}

export interface ClaimOptions {
  /** Whose claim it is, at most 40 characters. */
  readonly owner: string;
  readonly limit?: number;
  /** Records brought up to date since it was last told; added to the projection's count. */
  readonly applied?: number;
}

interface ClaimRow {
  readonly record_id: string;
  readonly revision: string | number;
  readonly deleted: boolean | number;
  readonly touches: string | number;
  readonly attempts: number;
  readonly first_outbox_id: string | number;
  readonly last_outbox_id: string | number;
  readonly changed_at: string | number;
  readonly forced: number;
}

const COLUMNS = ['record_id', 'revision', 'deleted', 'touches', 'attempts', 'first_outbox_id', 'last_outbox_id', 'changed_at', 'forced'];
const columnsOf = (alias: string): string => COLUMNS.map((column) => `${alias}.${column}`).join(', ');

/**
 * Leases the oldest deliverable records of a projection and draws a fence number. The lease is on the record, so one worker at a time has it; an
 * expired lease can be taken over. Records that a projection in `after` still owes are left for later.
 *
 * The number is drawn while the deliveries are locked: whoever claims one of them later draws a higher one.
 */
export async function claim(store: RelationalStore, work: Claimable, options: ClaimOptions): Promise<Batch | undefined> {
  return store.dialect === 'postgresql'
    ? claimInOne(store, work, options)
    : store.transaction((em) => claimInThree(store, em, work, options));
}

/**
 * PostgreSQL does it in one statement. The rows are found again by their place, which a lock holds them to: embedded it has no statistics, and joins
 * by id read all that waits.
 */
async function claimInOne(
  store: RelationalStore,
  work: Claimable,
  { owner, limit, applied = 0 }: ClaimOptions,
): Promise<Batch | undefined> {
  const candidates = selectCandidates(store, work, { columns: 'd.ctid', limit });
  const counter = counterRow(work);
  const rows = await writeReturning<ClaimRow & { fence: string | number }>(
    store,
    `with picked as (${candidates.sql}),
       drawn as (update ${store.table('projection')} set fence = fence + 1, applied = applied + ? where ${counter.sql} and exists (select 1 from picked) returning fence),
       leased as (
         update ${store.table('delivery')} d set lease_owner = ? || '/' || drawn.fence, lease_until = ${nowMs(store.dialect)} + ?,
             since_outbox_id = ${BEHIND_LIVE}, since_changed_at = ${BEHIND_LIVE}
           from drawn where d.ctid = any(array(select ctid from picked)) returning ${columnsOf('d')}, drawn.fence
       )
     select * from leased order by first_outbox_id, record_id`,
    [...candidates.parameters, applied, ...counter.parameters, owner, work.policy.leaseMs],
  );
  const [first] = rows;
  return first && toBatch(rows, Number(first.fence), owner);
}

async function claimInThree(
  store: RelationalStore,
  em: EntityManager,
  work: Claimable,
  { owner, limit, applied = 0 }: ClaimOptions,
): Promise<Batch | undefined> {
  const candidates = selectCandidates(store, work, { columns: columnsOf('d'), limit });
  const counter = counterRow(work);
  const rows = await em.execute<ClaimRow[]>(candidates.sql, candidates.parameters);
  if (rows.length === 0) return undefined;
  const { insertId: fence } = await em.execute<{ insertId: number }>(
    `update ${store.table('projection')} set fence = last_insert_id(fence + 1), applied = applied + ? where ${counter.sql}`,
    [applied, ...counter.parameters],
    'run',
  );
  if (!fence) return undefined; // nobody has started it, or another version serves reads
  const batch = toBatch(rows, fence, owner);
  await em.execute(
    `update ${store.table('delivery')} set lease_owner = ?, lease_until = ${nowMs(store.dialect)} + ?,
         since_outbox_id = ${BEHIND_LIVE}, since_changed_at = ${BEHIND_LIVE}
       where projection = ? and record_type = ? and record_id in (${marks(rows.length)})`,
    [batch.token, work.policy.leaseMs, work.name, work.source, ...rows.map((row) => row.record_id)],
    'run',
  );
  return batch;
}

function selectCandidates(
  store: RelationalStore,
  { name, source, after, policy }: Claimable,
  { columns, limit = policy.batch }: { readonly columns: string; readonly limit: number | undefined },
): { readonly sql: string; readonly parameters: readonly unknown[] } {
  const now = nowMs(store.dialect);
  const waits =
    after.length > 0 ? { sql: `and ${owedByNone(store, after.length)}`, parameters: [...after, source] } : { sql: '', parameters: [] };
  const lock = store.dialect === 'mariadb' ? '' : 'of d ';
  // MySQL would read all that waits by the primary key, sort it and lock every row of it.
  const index = store.dialect === 'postgresql' ? '' : 'force index (delivery_claim)';
  return {
    sql: `select ${columns} from ${store.table('delivery')} d ${index}
       where projection = ? and record_type = ? and state = 'pending' and available_at <= ${now} and lease_until <= ${now} ${waits.sql}
       order by first_outbox_id limit ${limit} for update ${lock}skip locked`,
    parameters: [name, source, ...waits.parameters],
  };
}

/**
 * The condition that none of `count` projections owes the record `d`; parameters: their names, the record type.
 * PostgreSQL makes a hash table of NOT IN, whatever it believes of the tables. It has no statistics when embedded, and of a queue they are never
 * current: NOT EXISTS then became a join of each record that waits with each that is owed, 0.9 s per claim at 2,000 records and growing with
 * their square, in which the whole process stood still.
 * MySQL looks each record up by its key, so there a claim reads no more than it takes while the others are ahead.
 */
function owedByNone(store: RelationalStore, count: number): string {
  const owed = `from ${store.table('delivery')} e where e.projection in (${marks(count)}) and e.record_type = ? and e.state = 'pending'`;
  return store.dialect === 'postgresql'
    ? `d.record_id not in (select e.record_id ${owed})`
    : `not exists (select 1 ${owed} and e.record_id = d.record_id)`;
}

/** The row that counts the claims. The swap of versions locks it too: a claim comes before, or sees the new version and takes nothing. */
function counterRow(work: Claimable): { readonly sql: string; readonly parameters: readonly unknown[] } {
  const { version } = work;
  return version === undefined
    ? { sql: 'name = ?', parameters: [counterOf(work)] }
    : { sql: `name = ? and version in ('', ?)`, parameters: [counterOf(work), version] };
}

/** The projection whose row counts the claims: a version that is built and a search for dependents draw from that of the projection they are for. */
export function counterOf({ name }: Pick<Claimable, 'name'>): string {
  return name.split(/@|<-/, 1)[0] ?? name;
}

function toBatch(rows: readonly ClaimRow[], fence: number, owner: string): Batch {
  return {
    fence,
    token: `${owner}/${fence}`,
    claims: rows.map((row) => ({
      id: row.record_id,
      revision: Number(row.revision),
      deleted: Boolean(row.deleted),
      touches: Number(row.touches),
      attempts: row.attempts,
      firstOutboxId: Number(row.first_outbox_id),
      lastOutboxId: Number(row.last_outbox_id),
      changedAt: Number(row.changed_at),
      forced: row.forced > 0,
    })),
  };
}
