import { StoreError } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Transaction, UnitOfWork } from '@loomgraph/sync';
import { LockMode } from '@mikro-orm/core';
import type { AccountUnitOfWork, AccountWriter } from '../domain/ports.js';
import type { OneTimeToken, RefreshToken, Session } from '../domain/session.js';
import type { User } from '../domain/user.js';
import { auditedUnitOfWork, type WriteAudit } from './audited.js';
import { OneTimeTokenEntity, RefreshTokenEntity, SessionEntity, UserEntity, UserRoleEntity } from './entities.js';
import { insertRevocation } from './revocation.js';

export function createAccountUnitOfWork(deps: {
  readonly unitOfWork: UnitOfWork;
  readonly store: RelationalStore;
  readonly audit: WriteAudit;
}): AccountUnitOfWork {
  return auditedUnitOfWork(deps, (transaction, audit) => createWriter(transaction, deps.store, audit));
}

function createWriter({ em, append }: Transaction, store: RelationalStore, audit: AccountWriter['audit']): AccountWriter {
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

    insertRevocation: (entry) => insertRevocation(em, store, entry),
    audit,
    append,
  };
}
