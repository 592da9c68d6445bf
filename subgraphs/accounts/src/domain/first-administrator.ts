import { LoomError, type Clock, type IdSource } from '@loomgraph/core';
import { auditNote } from './audit-trail.js';
import { normaliseEmail } from './email.js';
import { acceptPassword } from './password.js';
import type { AccountUnitOfWork, PasswordHasher } from './ports.js';
import { newUser } from './register.js';
import { ADMIN } from './settings.js';

/** Makes the administrator of an installation that has no users yet. Of several processes that start at once one does. */
export type MakeFirstAdministrator = (administrator: { email: string; password: string }) => Promise<boolean>;

export function createFirstAdministrator(deps: {
  readonly unitOfWork: AccountUnitOfWork;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly ids: IdSource;
}): MakeFirstAdministrator {
  const { unitOfWork, hasher, clock, ids } = deps;
  return async ({ email: given, password }) => {
    if ((await unitOfWork.run((writer) => writer.countUsers())) > 0) return false;
    const email = normaliseEmail(given);
    const passwordHash = await hasher.hash(acceptPassword(password, email));
    const made = unitOfWork.run(async (writer) => {
      if ((await writer.countUsers()) > 0) return false;
      const now = clock.now();
      const user = newUser({ id: ids.next(), email, passwordHash, displayName: 'Administrator', locale: 'en', emailVerifiedAt: now, now });
      writer.insertUser(user);
      await writer.giveRole(user.id, ADMIN);
      writer.audit(auditNote({ action: 'users.first-administrator', resource: { type: 'User', id: user.id } }));
      return true;
    });
    return made.catch((error: unknown) => {
      if (error instanceof LoomError && error.code === 'CONFLICT') return false; // another process was faster
      throw error;
    });
  };
}
