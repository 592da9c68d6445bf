import { StoreError, type Clock } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Transaction, UnitOfWork } from '@loomgraph/sync';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import type { AuditNote } from '../domain/audit-trail.js';
import type { AccountUnitOfWork, AccountWriter } from '../domain/ports.js';
import type { OneTimeToken, RefreshToken, Session } from '../domain/session.js';
import type { User } from '../domain/user.js';
import { OneTimeTokenEntity, RefreshTokenEntity, SessionEntity, UserEntity, UserRoleEntity } from './entities.js';

/** What has a transaction of the account database write as well. */
export interface WriterHooks {
  /** Into the audit log; called once, with all that the transaction noted, after its other writes. */
  readonly audit: ((em: EntityManager, notes: readonly AuditNote[]) => Promise<void>) | undefined;
}

export function createAccountUnitOfWork(
  unitOfWork: UnitOfWork,
  deps: { readonly store: RelationalStore; readonly hooks: WriterHooks; readonly clock: Clock },
): AccountUnitOfWork {
  return {
    run: (work) =>
      unitOfWork.run(async (transaction) => {
        const notes: AuditNote[] = [];
        const answer = await work(createWriter(transaction, deps.store, notes));
        if (notes.length > 0) await deps.hooks.audit?.(transaction.em, notes);
        return answer;
      }),
  };
}

function createWriter({ em, append }: Transaction, store: RelationalStore, notes: AuditNote[]): AccountWriter {
  const locked = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;
  /** The domain keeps its own copy: entities change under it. */
  const copy = <T extends object>(entity: T | null): T | null => (entity ? { ...entity } : null);
  const lockSession = async (id: string) => copy((await em.findOne(SessionEntity, { id }, locked)) as Session | null);

  return {
    lockUser: async (id) => copy((await em.findOne(UserEntity, { id }, locked)) as User | null),
    userByEmail: async (email) => copy((await em.findOne(UserEntity, { email }, locked)) as User | null),
    countUsers: () => em.count(UserEntity),
    insertUser: ({ revision: _assigned, ...user }) => void em.create(UserEntity, user),
    async updateUser(id, changes) {
      const { lastLoginAt, ...others } = changes;
      if (Object.keys(others).length > 0) em.assign(await em.findOneOrFail(UserEntity, { id }), others);
      if (lastLoginAt !== undefined) {
        // capture: nothing is derived from when somebody signed in, so the revision stays.
        await em.nativeUpdate(UserEntity, { id }, { lastLoginAt });
      }
    },
    async giveRole(userId, role) {
      if (!(await em.findOne(UserRoleEntity, { userId, role, companyId: '' }))) em.create(UserRoleEntity, { userId, role, companyId: '' });
    },

    insertSession: (session) => void em.create(SessionEntity, { ...session, authMethods: [...session.authMethods] }),
    lockSession,
    async touchSession(id, changes) {
      em.assign(await em.findOneOrFail(SessionEntity, { id }), changes);
    },
    async endSessions(userId, { at, reason, ids, except }) {
      const open = await em.find(
        SessionEntity,
        { userId, endedAt: null, expiresAt: { $gt: at }, ...(ids === undefined ? {} : { id: { $in: [...ids] } }) },
        { ...locked, orderBy: { id: 'asc' } },
      );
      const ending = open.filter(({ id }) => id !== except);
      for (const session of ending) em.assign(session, { endedAt: at, endReason: reason });
      return ending.map(({ id }) => id);
    },
    async surplusSessions(userId, keep, now) {
      const rows = await em.find(
        SessionEntity,
        { userId, endedAt: null, expiresAt: { $gt: now } },
        { fields: ['id'], orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }] },
      );
      return rows.slice(keep).map(({ id }) => id);
    },

    insertRefreshToken: (token) => void em.create(RefreshTokenEntity, token),
    async lockRefreshToken(hash) {
      const found = await em.findOne(RefreshTokenEntity, { hash });
      const session = found && (await lockSession(found.sessionId));
      if (!found || !session) return null;
      // Read again: whoever held the session's lock may have used it.
      const token = copy((await em.findOne(RefreshTokenEntity, { hash }, { ...locked, refresh: true })) as RefreshToken | null);
      return token && { token, session };
    },
    async useRefreshToken(hash, use) {
      em.assign(await em.findOneOrFail(RefreshTokenEntity, { hash }), use);
    },
    async isRefreshTokenUsed(hash) {
      const token = await em.findOne(RefreshTokenEntity, { hash });
      if (!token) throw new StoreError('corrupt', 'accounts', 'A refresh token names a successor that is not there.');
      return token.usedAt != null;
    },

    insertOneTimeToken: (token) => void em.create(OneTimeTokenEntity, token),
    lockOneTimeToken: async (hash, kind) => copy((await em.findOne(OneTimeTokenEntity, { hash, kind }, locked)) as OneTimeToken | null),
    async updateOneTimeToken(hash, changes) {
      await em.nativeUpdate(OneTimeTokenEntity, { hash }, changes);
    },
    async dropOneTimeTokens(userId, kind) {
      await em.nativeDelete(OneTimeTokenEntity, { userId, kind, usedAt: null });
    },

    async insertRevocation({ kind, id, at, until }) {
      const clause =
        store.dialect === 'postgresql'
          ? 'on conflict (kind, id) do update set revoked_at = excluded.revoked_at, revoked_until = excluded.revoked_until'
          : 'on duplicate key update revoked_at = values(revoked_at), revoked_until = values(revoked_until)';
      await em.execute(
        `insert into ${store.table('revocation')} (kind, id, revoked_at, revoked_until) values (?, ?, ?, ?) ${clause}`,
        [kind, id, at, until],
        'run',
      );
    },
    audit: (note) => void notes.push(note),
    append,
  };
}
