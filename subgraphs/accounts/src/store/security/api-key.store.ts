import type { RelationalStore } from '@loomgraph/stores/relational';
import type { UnitOfWork } from '@loomgraph/sync';
import { keyLimits, type ApiKey, type ApiKeyReader, type ApiKeyUnitOfWork } from '../../domain/security/api-keys.js';
import { auditedUnitOfWork, type WriteAudit } from '../audited.js';

interface KeyRow {
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly hash: string;
  readonly scopes: string;
  readonly created_at: number | string;
  readonly expires_at: number | string;
  readonly last_used_at: number | string | null;
  readonly revoked_at: number | string | null;
}

/** Ended keys are shown, too, but not without end. */
const SHOWN = 2 * keyLimits.keys;
const USE_MS = 60_000;

export function createApiKeyUnitOfWork(deps: {
  readonly store: RelationalStore;
  readonly unitOfWork: UnitOfWork;
  readonly audit: WriteAudit;
}): ApiKeyUnitOfWork {
  const table = deps.store.table('api_key');
  return auditedUnitOfWork(deps, ({ em }, audit) => ({
    async insert(key, hash) {
      await em.execute(
        `insert into ${table} (id, user_id, name, hash, scopes, created_at, expires_at) values (?, ?, ?, ?, ?, ?, ?)`,
        [key.id, key.userId, key.name, hash, JSON.stringify(key.scopes), key.createdAt.getTime(), key.expiresAt.getTime()],
        'run',
      );
    },
    async lock(id, userId) {
      const whose = userId === undefined ? '' : 'and user_id = ?';
      const [row] = await em.execute<KeyRow[]>(`select * from ${table} where id = ? ${whose} for update`, [
        id,
        ...(userId === undefined ? [] : [userId]),
      ]);
      return row ? toKey(row) : null;
    },
    async countOpen(userId, at) {
      const [row] = await em.execute<{ open_keys: number | string }[]>(
        `select count(*) as open_keys from ${table} where user_id = ? and revoked_at is null and expires_at > ?`,
        [userId, at.getTime()],
      );
      return Number(row?.open_keys ?? 0);
    },
    async setRevoked(id, at) {
      await em.execute(`update ${table} set revoked_at = ? where id = ?`, [at.getTime(), id], 'run');
    },
    audit,
  }));
}

export interface ApiKeyUse {
  /** Notes that a key was used, at most once a minute, whichever process it is. */
  note(id: string, at: Date): Promise<void>;
}

export function createApiKeyReader(store: RelationalStore): ApiKeyReader & ApiKeyUse {
  const table = store.table('api_key');
  return {
    of: async (userId) =>
      (
        await store
          .read()
          .execute<KeyRow[]>(`select * from ${table} where user_id = ? order by created_at desc, id limit ${SHOWN}`, [userId])
      ).map(toKey),
    async byId(id) {
      const [row] = await store.read().execute<KeyRow[]>(`select * from ${table} where id = ?`, [id]);
      return row ? { key: toKey(row), hash: row.hash } : null;
    },
    async note(id, at) {
      await store.transaction((em) =>
        em.execute(
          `update ${table} set last_used_at = ? where id = ? and (last_used_at is null or last_used_at <= ?)`,
          [at.getTime(), id, at.getTime() - USE_MS],
          'run',
        ),
      );
    },
  };
}

function toKey(row: KeyRow): ApiKey {
  const time = (value: number | string | null): Date | null => (value === null ? null : new Date(Number(value)));
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    scopes: JSON.parse(row.scopes) as string[], // written by insert
    createdAt: new Date(Number(row.created_at)),
    expiresAt: new Date(Number(row.expires_at)),
    lastUsedAt: time(row.last_used_at),
    revokedAt: time(row.revoked_at),
  };
}
