import type { RelationalStore } from '@loomgraph/stores/relational';
import type { UnitOfWork } from '@loomgraph/sync';
import type { EntityManager } from '@mikro-orm/sql';
import type { FactorReader, FactorUnitOfWork, FactorWriter, StoredFactor } from '../../domain/security/second-factor.js';
import { auditedUnitOfWork, type WriteAudit } from '../audited.js';

interface FactorRow {
  readonly user_id: string;
  readonly secret_sealed: string;
  readonly created_at: number | string;
  readonly confirmed_at: number | string | null;
  readonly last_step: number | string;
}

export function createFactorUnitOfWork(deps: {
  readonly store: RelationalStore;
  readonly unitOfWork: UnitOfWork;
  readonly audit: WriteAudit;
}): FactorUnitOfWork {
  return auditedUnitOfWork(deps, ({ em }, audit) => createWriter(deps.store, em, audit));
}

function createWriter(store: RelationalStore, em: EntityManager, audit: FactorWriter['audit']): FactorWriter {
  const factors = store.table('second_factor');
  const codes = store.table('recovery_code');
  const run = async (sql: string, parameters: readonly unknown[]): Promise<number> =>
    (await em.execute<{ affectedRows: number }>(sql, [...parameters], 'run')).affectedRows;
  return {
    async lock(userId) {
      const [row] = await em.execute<FactorRow[]>(`select * from ${factors} where user_id = ? for update`, [userId]);
      return row ? toFactor(row) : null;
    },
    async save({ userId, secretSealed, createdAt, confirmedAt, lastStep }) {
      const values = [secretSealed, createdAt.getTime(), confirmedAt?.getTime() ?? null, lastStep];
      const changed = await run(
        `update ${factors} set secret_sealed = ?, created_at = ?, confirmed_at = ?, last_step = ? where user_id = ?`,
        [...values, userId],
      );
      // MySQL counts rows that changed: one that is there as it is to be is none.
      const [known] = changed > 0 ? [true] : await em.execute<unknown[]>(`select 1 as found from ${factors} where user_id = ?`, [userId]);
      if (!known)
        await run(`insert into ${factors} (secret_sealed, created_at, confirmed_at, last_step, user_id) values (?, ?, ?, ?, ?)`, [
          ...values,
          userId,
        ]);
    },
    async remove(userId) {
      await run(`delete from ${codes} where user_id = ?`, [userId]);
      await run(`delete from ${factors} where user_id = ?`, [userId]);
    },
    async replaceRecoveryCodes(userId, hashes, at) {
      await run(`delete from ${codes} where user_id = ?`, [userId]);
      await run(
        `insert into ${codes} (user_id, hash, created_at, used_at) values ${hashes.map(() => '(?, ?, ?, null)').join(', ')}`,
        hashes.flatMap((hash) => [userId, hash, at.getTime()]),
      );
    },
    useRecoveryCode: async (userId, hash, at) =>
      (await run(`update ${codes} set used_at = ? where user_id = ? and hash = ? and used_at is null`, [at.getTime(), userId, hash])) > 0,
    audit,
  };
}

export function createFactorReader(store: RelationalStore): FactorReader {
  const factors = store.table('second_factor');
  return {
    async isConfirmed(userId) {
      const rows = await store
        .read()
        .execute<unknown[]>(`select 1 as found from ${factors} where user_id = ? and confirmed_at is not null`, [userId]);
      return rows.length > 0;
    },
    async state(userId) {
      const [row] = await store.read().execute<{ confirmed_at: number | string; codes: number | string }[]>(
        `select confirmed_at, (select count(*) from ${store.table('recovery_code')} c where c.user_id = f.user_id and c.used_at is null) as codes
         from ${factors} f where user_id = ? and confirmed_at is not null`,
        [userId],
      );
      return row ? { confirmedAt: new Date(Number(row.confirmed_at)), recoveryCodesLeft: Number(row.codes) } : null;
    },
  };
}

function toFactor(row: FactorRow): StoredFactor {
  return {
    userId: row.user_id,
    secretSealed: row.secret_sealed,
    createdAt: new Date(Number(row.created_at)),
    confirmedAt: row.confirmed_at === null ? null : new Date(Number(row.confirmed_at)),
    lastStep: Number(row.last_step),
  };
}
