import type { RelationalStore } from '@loomgraph/stores/relational';
import { nowMs, placeholders } from '../dialect.js';
import type { Batch, Claim, Claimable } from './claim.js';
import { marks, writeOne } from './statement.js';

const ERROR_LENGTH = 2_000;

/** The deliveries that one claim holds. What it lost, to an expired lease or a stop, none of these touches. */
export interface Leased {
  readonly store: RelationalStore;
  readonly work: Pick<Claimable, 'name' | 'source'>;
  readonly token: Batch['token'];
}

/** Done: the deliveries go, except those touched while they were being applied, which lose their lease and what was applied of them. */
export async function complete(leased: Leased, claims: readonly Claim[]): Promise<void> {
  const delivery = leased.store.table('delivery');
  const held = heldBy(leased, claims);
  const removal = removeUntouched(leased, claims, held);
  const removed = await writeOne(leased.store, removal.sql, removal.parameters);
  if (removed === claims.length) return;
  await writeOne(
    leased.store,
    `update ${delivery} set lease_owner = null, lease_until = 0, first_outbox_id = since_outbox_id, changed_at = since_changed_at where ${held.sql}`,
    held.parameters,
  );
}

interface Statement {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/** As for outbox rows, MySQL and MariaDB look each record up rather than wait at what dispatchers have not committed yet. */
function removeUntouched({ store, work, token }: Leased, claims: readonly Claim[], held: Statement): Statement {
  const delivery = store.table('delivery');
  if (store.dialect === 'postgresql') {
    return {
      sql: `delete from ${delivery} where ${held.sql} and (record_id, touches) in (${placeholders(claims.length, 2)})`,
      parameters: [...held.parameters, ...claims.flatMap((claim) => [claim.id, claim.touches])],
    };
  }
  return {
    sql: `delete d from json_table(?, '$[*]' columns (
        id varchar(191) character set utf8mb4 collate utf8mb4_bin path '$[0]', touches bigint path '$[1]')) wanted
      straight_join ${delivery} d on d.projection = ? and d.record_type = ? and d.record_id = wanted.id and d.touches = wanted.touches
        and d.lease_owner = ?`,
    parameters: [JSON.stringify(claims.map((claim) => [claim.id, claim.touches])), work.name, work.source, token],
  };
}

/** Given back untouched, for after `waitMs`: the failure was not theirs. */
export async function release(leased: Leased, claims: readonly Claim[], waitMs = 0): Promise<void> {
  const { store } = leased;
  const held = heldBy(leased, claims);
  const later = waitMs > 0 ? `, available_at = ${nowMs(store.dialect)} + ${Math.round(waitMs)}` : '';
  await writeOne(
    store,
    `update ${store.table('delivery')} set lease_owner = null, lease_until = 0${later} where ${held.sql}`,
    held.parameters,
  );
}

/** Starts the lease anew. @returns whether all of them were still held */
export async function renew(leased: Leased, claims: readonly Claim[], leaseMs: number): Promise<boolean> {
  const { store } = leased;
  const held = heldBy(leased, claims);
  const renewed = await writeOne(
    store,
    `update ${store.table('delivery')} set lease_until = ${nowMs(store.dialect)} + ? where ${held.sql}`,
    [leaseMs, ...held.parameters],
  );
  return renewed === claims.length;
}

/**
 * The condition that a row is one of these and still held. PostgreSQL looks each up by its key and goes to its place: left to itself, without
 * statistics, it reads all that waits for the projection.
 */
function heldBy({ store, work, token }: Leased, claims: readonly Claim[]): Statement & { readonly parameters: readonly string[] } {
  const ids = claims.map((claim) => claim.id);
  if (store.dialect !== 'postgresql') {
    return {
      sql: `projection = ? and record_type = ? and record_id in (${marks(ids.length)}) and lease_owner = ?`,
      parameters: [work.name, work.source, ...ids, token],
    };
  }
  return {
    sql: `ctid = any(array(select held.ctid from (values ${ids.map(() => '(?)').join(', ')}) as wanted (id) cross join lateral (
      select d.ctid from ${store.table('delivery')} d where d.projection = ? and d.record_type = ? and d.record_id = wanted.id offset 0) held))
      and lease_owner = ?`,
    parameters: [...ids, work.name, work.source, token],
  };
}

export interface Failure {
  readonly claim: Claim;
  readonly error: unknown;
  readonly waitMs: number;
  readonly dead: boolean;
  /** What would have been stored, as JSON; kept with a dead letter. */
  readonly payload?: string | undefined;
}

/** One record failed by itself: an attempt is charged, and the last one makes it a dead letter. */
export async function fail(leased: Leased, { claim, error, waitMs, dead, payload }: Failure): Promise<void> {
  const { store, work, token } = leased;
  const now = nowMs(store.dialect);
  const charged = await writeOne(
    store,
    `update ${store.table('delivery')} set attempts = attempts + 1, state = ?, available_at = ${now} + ?,
       lease_owner = null, lease_until = 0, error_code = ?, error = ?, failed_at = ${now}, payload = ?
     where projection = ? and record_type = ? and record_id = ? and lease_owner = ? and touches = ?`,
    [
      dead ? 'dead' : 'pending',
      Math.round(waitMs),
      errorCode(error),
      errorMessage(error),
      payload ?? null,
      work.name,
      work.source,
      claim.id,
      token,
      claim.touches,
    ],
  );
  // Touched meanwhile: the change deserves a fresh look.
  if (charged === 0) await release(leased, [claim]);
}

export function errorCode(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return (typeof code === 'string' ? code : typeof name === 'string' ? name : 'Error').slice(0, 64);
}

export function errorMessage(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, ERROR_LENGTH);
}
