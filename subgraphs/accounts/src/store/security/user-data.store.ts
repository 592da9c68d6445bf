import type { Clock } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { UnitOfWork } from '@loomgraph/sync';
import type { EntityManager } from '@mikro-orm/sql';
import type { UserDataUnitOfWork, UserExport, UserExportReader } from '../../domain/security/user-data.js';
import { auditedUnitOfWork, type WriteAudit } from '../audited.js';
import { UserEntity } from '../entities.js';
import { insertRevocation } from '../revocation.js';

export interface ExportRow {
  readonly id: string;
  readonly user_id: string;
  readonly requested_by: string;
  readonly state: string;
  readonly requested_at: number | string;
  readonly finished_at: number | string | null;
  readonly expires_at: number | string;
  readonly object_key: string | null;
  readonly size_bytes: number | string | null;
  readonly error_code: string | null;
}

/** Rows of this subgraph that are a user's, by table and the column with their id. What permissions keep of them goes with the erasers. */
const TABLES = [
  ['recovery_code', 'user_id'],
  ['second_factor', 'user_id'],
  ['api_key', 'user_id'],
  ['one_time_token', 'user_id'],
] as const;

const SHOWN = 100;
/** In which every subgraph has seen what was asked of it before. */
const LATE_PARTS_MS = 900_000;

export function createUserDataUnitOfWork(deps: {
  readonly store: RelationalStore;
  readonly unitOfWork: UnitOfWork;
  readonly audit: WriteAudit;
  /** For how long a revocation means something: longer than any access token lasts. */
  readonly revocationMs: number;
  /** What other modules keep of a user. */
  readonly erasers: readonly ((em: EntityManager, userId: string) => Promise<void>)[];
  readonly clock: Clock;
}): UserDataUnitOfWork {
  const { store, erasers } = deps;
  return auditedUnitOfWork(deps, ({ em, append }, audit) => ({
    isUser: async (userId) => (await em.count(UserEntity, { id: userId })) > 0,
    insertExport: async (request) => insertExport(em, store, request),
    erase: async (userId, at) => {
      const user = await em.findOneOrFail(UserEntity, { id: userId });
      await insertRevocation(em, store, { kind: 'user', id: userId, at, until: new Date(at.getTime() + deps.revocationMs) });
      for (const erase of erasers) await erase(em, userId);
      await deleteSessions(em, store, userId);
      for (const [table, column] of TABLES)
        // capture: nothing is derived from these but the user's own node, which goes with the user.
        await em.execute(`delete from ${store.table(table)} where ${column} = ?`, [userId], 'run');
      // The job deletes their files, and then the rows.
      await endExports(em, store, userId, at);
      // Last, as an entity: projections learn of it.
      em.remove(user);
    },
    audit,
    append,
  }));
}

export function createUserExportReader(store: RelationalStore): UserExportReader {
  const table = store.table('user_export');
  return {
    async byId(id) {
      const [row] = await store.read().execute<ExportRow[]>(`select * from ${table} where id = ?`, [id]);
      return row ? toExport(row) : null;
    },
    of: async (userId) =>
      (await store.read().execute<ExportRow[]>(`select * from ${table} where user_id = ? order by id desc limit ${SHOWN}`, [userId])).map(
        toExport,
      ),
  };
}

export function toExport(row: ExportRow): UserExport {
  return {
    id: row.id,
    userId: row.user_id,
    requestedBy: row.requested_by,
    state: row.state as UserExport['state'], // one of them was written
    requestedAt: new Date(Number(row.requested_at)),
    finishedAt: row.finished_at === null ? null : new Date(Number(row.finished_at)),
    expiresAt: new Date(Number(row.expires_at)),
    objectKey: row.object_key,
    sizeBytes: row.size_bytes === null ? null : Number(row.size_bytes),
    errorCode: row.error_code,
  };
}

async function insertExport(em: EntityManager, store: RelationalStore, request: UserExport): Promise<void> {
  await em.execute(
    `insert into ${store.table('user_export')} (id, user_id, requested_by, state, requested_at, expires_at, lease_until) values (?, ?, ?, ?, ?, ?, 0)`,
    [request.id, request.userId, request.requestedBy, request.state, request.requestedAt.getTime(), request.expiresAt.getTime()],
    'run',
  );
}

/** A part that was asked for may still come: its folder is looked at again when that has passed. MySQL assigns from left to right. */
async function endExports(em: EntityManager, store: RelationalStore, userId: string, at: Date): Promise<void> {
  await em.execute(
    `update ${store.table('user_export')} set expires_at = case when state = 'collecting' then ? else ? end, state = 'failed' where user_id = ?`,
    [at.getTime() + LATE_PARTS_MS, at.getTime(), userId],
    'run',
  );
}

async function deleteSessions(em: EntityManager, store: RelationalStore, userId: string): Promise<void> {
  const sessions = store.table('user_session');
  await em.execute(
    `delete from ${store.table('refresh_token')} where session_id in (select id from ${sessions} where user_id = ?)`,
    [userId],
    'run',
  );
  await em.execute(`delete from ${sessions} where user_id = ?`, [userId], 'run');
}
