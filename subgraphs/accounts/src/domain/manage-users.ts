import type { Clock } from '@loomgraph/core';
import { auditNote, type Actor } from './audit-trail.js';
import { OwnAccount, RevisionConflict, UserNotFound } from './errors.js';
import type { AccountUnitOfWork, AccountWriter } from './ports.js';
import type { Revoker } from './revoke.js';
import type { Locale, User, UserStatus } from './user.js';

export interface ProfileChanges {
  readonly displayName?: string | undefined;
  readonly locale?: Locale | undefined;
}

export interface UserManagement {
  /** @throws UserNotFound, RevisionConflict when `expectedRevision` is given and stale */
  updateProfile(changes: ProfileChanges, actor: Actor, expectedRevision?: number): Promise<User>;
  /** Signs the user out everywhere and refuses to sign them in. @throws UserNotFound, OwnAccount */
  disable(userId: string, actor: Actor): Promise<User>;
  /** @throws UserNotFound */
  enable(userId: string, actor: Actor): Promise<User>;
}

export function createUserManagement(deps: {
  readonly unitOfWork: AccountUnitOfWork;
  readonly revoker: Revoker;
  readonly clock: Clock;
}): UserManagement {
  const { unitOfWork, revoker, clock } = deps;

  const lock = async (writer: AccountWriter, id: string): Promise<User> => {
    const user = await writer.lockUser(id);
    if (!user) throw new UserNotFound(id);
    return user;
  };

  const record = (writer: AccountWriter, action: string, id: string, actor: Actor): void =>
    writer.audit(auditNote({ action, resource: { type: 'User', id }, actor }));

  const apply = async (writer: AccountWriter, user: User, given: ProfileChanges & { status?: UserStatus }): Promise<User> => {
    const changes = Object.fromEntries(
      Object.entries(given).filter(([key, value]) => value !== undefined && value !== user[key as keyof User]),
    ) as Partial<User>;
    if (Object.keys(changes).length === 0) return user;
    const updatedAt = clock.now();
    await writer.updateUser(user.id, { ...changes, updatedAt });
    return { ...user, ...changes, updatedAt, revision: user.revision + 1 };
  };

  return {
    updateProfile: (changes, actor, expectedRevision) =>
      unitOfWork.run(async (writer) => {
        const user = await lock(writer, actor.userId);
        if (expectedRevision !== undefined && expectedRevision !== user.revision)
          throw new RevisionConflict(user.id, expectedRevision, user.revision);
        return apply(writer, user, changes);
      }),

    async disable(userId, actor) {
      if (userId === actor.userId) throw new OwnAccount();
      const { user, revoked } = await unitOfWork.run(async (writer) => {
        const user = await lock(writer, userId);
        const at = clock.now();
        record(writer, 'users.disable', userId, actor);
        await writer.endSessions(userId, { at, reason: 'disabled' });
        // All that was issued to the user, tokens without a session and API keys as well.
        return { user: await apply(writer, user, { status: 'disabled' }), revoked: await revoker.user(writer, userId, at) };
      });
      await revoker.publish(revoked);
      return user;
    },

    enable: (userId, actor) =>
      unitOfWork.run(async (writer) => {
        const user = await lock(writer, userId);
        record(writer, 'users.enable', userId, actor);
        return apply(writer, user, { status: 'active' });
      }),
  };
}
