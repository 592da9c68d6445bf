import type { Clock } from '@loomgraph/core';
import { auditNote, type Actor } from './audit-trail.js';
import { normaliseEmail } from './email.js';
import { AccountDisabled, InvalidCredentials, InvalidToken, UserNotFound } from './errors.js';
import type { MailLimit } from './mail-limit.js';
import { composeMail, type MailTexts } from './mails.js';
import { acceptPassword, offeredPassword } from './password.js';
import type {
  AccountReader,
  AccountUnitOfWork,
  AccountWriter,
  Background,
  LoginGuard,
  Mailer,
  PasswordHasher,
  TokenSource,
} from './ports.js';
import type { Revoker } from './revoke.js';
import { newOneTimeToken, type OneTimeToken, type SessionEnd } from './session.js';
import type { AccountSettings } from './settings.js';
import type { User } from './user.js';

export interface PasswordManagement {
  /** Ends the caller's other sessions. @throws InvalidCredentials, WeakPassword */
  change(command: { current: string; next: string }, actor: Actor): Promise<void>;
  /** Sends a mail where the address has an account that is not disabled; says nothing of whether it has. @throws InvalidEmail */
  requestReset(email: string): string;
  /** Ends all sessions. The address counts as verified: its mail was read. @throws InvalidToken, WeakPassword, AccountDisabled */
  reset(command: { token: string; password: string; requestId?: string | undefined }): Promise<User>;
}

const ADVICE = 'ask for another mail with requestPasswordReset';

export function createPasswordManagement(deps: {
  readonly settings: AccountSettings;
  readonly unitOfWork: AccountUnitOfWork;
  readonly reader: AccountReader;
  readonly hasher: PasswordHasher;
  readonly tokens: TokenSource;
  readonly mailer: Mailer;
  readonly texts: MailTexts;
  readonly background: Background;
  readonly mailLimit: MailLimit;
  readonly guard: LoginGuard;
  readonly revoker: Revoker;
  readonly clock: Clock;
}): PasswordManagement {
  const { settings, unitOfWork, reader, hasher, tokens, mailer, texts, background, mailLimit, guard, revoker, clock } = deps;

  const set = async (
    writer: AccountWriter,
    user: User,
    change: { passwordHash: string; reason: SessionEnd; except?: string | undefined; verified?: boolean },
  ) => {
    const now = clock.now();
    const changes = {
      passwordHash: change.passwordHash,
      passwordChangedAt: now,
      updatedAt: now,
      ...(change.verified ? { emailVerifiedAt: user.emailVerifiedAt ?? now } : {}),
    };
    await writer.updateUser(user.id, changes);
    await writer.dropOneTimeTokens(user.id, 'reset-password');
    await writer.dropOneTimeTokens(user.id, 'second-factor');
    const ended = await writer.endSessions(user.id, { at: now, reason: change.reason, except: change.except });
    return { user: { ...user, ...changes, revision: user.revision + 1 }, revoked: await revoker.sessions(writer, ended, now) };
  };

  const announce = (user: User): void => background.run('mail', () => mailer.send(composeMail(user, 'password-changed', texts)));

  /** @throws InvalidToken, AccountDisabled */
  const ownerOf = async (writer: AccountWriter, hash: string): Promise<{ found: OneTimeToken; user: User }> => {
    const found = await writer.lockOneTimeToken(hash, 'reset-password');
    if (!found) throw new InvalidToken('reset token', 'unknown', ADVICE);
    if (found.usedAt) throw new InvalidToken('reset token', 'used', ADVICE);
    if (found.expiresAt <= clock.now()) throw new InvalidToken('reset token', 'expired', ADVICE);
    const user = await writer.lockUser(found.userId);
    if (!user) throw new InvalidToken('reset token', 'unknown', ADVICE);
    if (user.status === 'disabled') throw new AccountDisabled();
    return { found, user };
  };

  return {
    async change({ current, next }, actor) {
      const [user] = await reader.usersByIds([actor.userId]);
      if (!user) throw new UserNotFound(actor.userId);
      const attempt = { email: user.email, requestId: actor.requestId, address: actor.address };
      await guard.admit(attempt);
      const offered = offeredPassword(current);
      if (!(await hasher.verify(offered === undefined ? undefined : user.passwordHash, offered ?? ''))) {
        await guard.failed(attempt);
        throw new InvalidCredentials();
      }
      await guard.succeeded(attempt);
      const passwordHash = await hasher.hash(acceptPassword(next, user.email));
      const changed = await unitOfWork.run(async (writer) => {
        const locked = await writer.lockUser(user.id);
        if (!locked) throw new UserNotFound(user.id);
        writer.audit(auditNote({ action: 'users.change-password', resource: { type: 'User', id: user.id }, actor }));
        return set(writer, locked, { passwordHash, reason: 'password-changed', except: actor.sessionId });
      });
      await revoker.publish(changed.revoked);
      announce(changed.user);
    },

    requestReset(given) {
      const email = normaliseEmail(given);
      background.run('mail', async () => {
        if (!mailLimit.allows('reset-password', email)) return;
        const pending = await unitOfWork.run(async (writer) => {
          const user = await writer.userByEmail(email);
          if (!user || user.status === 'disabled') return undefined;
          const token = tokens.random();
          await writer.dropOneTimeTokens(user.id, 'reset-password');
          writer.insertOneTimeToken(
            newOneTimeToken(
              { hash: tokens.hash(token), userId: user.id, kind: 'reset-password' },
              { now: clock.now(), ttlMs: settings.resetTtlMs },
            ),
          );
          return { user, token };
        });
        if (pending) await mailer.send(composeMail(pending.user, 'reset-password', { ...texts, token: pending.token }));
      });
      return email;
    },

    async reset({ token, password, requestId }) {
      const hash = tokens.hash(token);
      const { user } = await unitOfWork.run((writer) => ownerOf(writer, hash));
      const passwordHash = await hasher.hash(acceptPassword(password, user.email));
      const changed = await unitOfWork.run(async (writer) => {
        const { user: owner } = await ownerOf(writer, hash);
        await writer.updateOneTimeToken(hash, { usedAt: clock.now() });
        writer.audit(
          auditNote({ action: 'users.reset-password', resource: { type: 'User', id: owner.id }, actor: { userId: owner.id, requestId } }),
        );
        return set(writer, owner, { passwordHash, reason: 'password-reset', verified: true });
      });
      await revoker.publish(changed.revoked);
      await guard.unlock(changed.user.email);
      announce(changed.user);
      return changed.user;
    },
  };
}
