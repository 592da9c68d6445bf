import { LoomError, type Clock, type IdSource } from '@loomgraph/core';
import { auditNote } from './audit-trail.js';
import { normaliseEmail } from './email.js';
import { InvalidToken, RegistrationClosed } from './errors.js';
import type { MailLimit } from './mail-limit.js';
import { composeMail, type MailTexts } from './mails.js';
import { acceptPassword } from './password.js';
import type { AccountReader, AccountUnitOfWork, AccountWriter, Background, Mailer, PasswordHasher, TokenSource } from './ports.js';
import { newOneTimeToken } from './session.js';
import type { AccountSettings } from './settings.js';
import type { Locale, User } from './user.js';

export interface RegisterCommand {
  readonly email: string;
  readonly password: string;
  readonly displayName?: string | undefined;
  readonly locale?: Locale | undefined;
  readonly requestId?: string | undefined;
}

export interface Registration {
  /**
   * Makes an account that its mail has to confirm. The answer is the same for an address that has one: its owner gets a mail that says so.
   * @returns the address as it is kept
   * @throws InvalidEmail, WeakPassword, RegistrationClosed
   */
  register(command: RegisterCommand): Promise<string>;
  /** @throws InvalidToken */
  verifyEmail(token: string): Promise<User>;
  /** Sends another mail where the address waits for one; says nothing of whether it does. @throws InvalidEmail */
  resendVerification(email: string): string;
}

const ADVICE = 'ask for another mail with resendVerification';

export function createRegistration(deps: {
  readonly settings: AccountSettings;
  readonly unitOfWork: AccountUnitOfWork;
  readonly reader: AccountReader;
  readonly hasher: PasswordHasher;
  readonly tokens: TokenSource;
  readonly mailer: Mailer;
  readonly texts: MailTexts;
  readonly background: Background;
  readonly mailLimit: MailLimit;
  readonly clock: Clock;
  readonly ids: IdSource;
}): Registration {
  const { settings, unitOfWork, hasher, tokens, mailer, texts, background, mailLimit, clock, ids } = deps;

  const insertToken = (writer: AccountWriter, userId: string, passwordHash: string | null): string => {
    const token = tokens.random();
    writer.insertOneTimeToken(
      newOneTimeToken(
        { hash: tokens.hash(token), userId, kind: 'verify-email', passwordHash },
        { now: clock.now(), ttlMs: settings.verificationTtlMs },
      ),
    );
    return token;
  };

  const enter = (email: string, passwordHash: string, { displayName, locale, requestId }: RegisterCommand) =>
    unitOfWork.run(async (writer) => {
      const existing = await writer.userByEmail(email);
      if (existing?.emailVerifiedAt) return { user: existing, token: undefined };
      // Who registers first need not be who reads the mail: each mail confirms the password it was sent for.
      if (existing) return { user: existing, token: insertToken(writer, existing.id, passwordHash) };
      const user = newUser({ id: ids.next(), email, passwordHash, displayName, locale, now: clock.now() });
      writer.insertUser(user);
      writer.audit(auditNote({ action: 'users.register', resource: { type: 'User', id: user.id }, actor: { userId: user.id, requestId } }));
      return { user, token: insertToken(writer, user.id, passwordHash) };
    });

  return {
    async register(command) {
      if (!settings.isRegistrationOpen) throw new RegistrationClosed();
      const email = normaliseEmail(command.email);
      const passwordHash = await hasher.hash(acceptPassword(command.password, email));
      // Of two registrations at once one finds the address taken, and then sees why.
      const { user, token } = await enter(email, passwordHash, command).catch((error: unknown) => {
        if (error instanceof LoomError && error.code === 'CONFLICT') return enter(email, passwordHash, command);
        throw error;
      });
      const kind = token === undefined ? 'already-registered' : 'verify-email';
      background.run('mail', async () => {
        if (mailLimit.allows(kind, email))
          await mailer.send(composeMail(user, kind, { ...texts, ...(token === undefined ? {} : { token }) }));
      });
      return email;
    },

    verifyEmail: (token) =>
      unitOfWork.run(async (writer) => {
        const found = await writer.lockOneTimeToken(tokens.hash(token), 'verify-email');
        if (!found) throw new InvalidToken('verification token', 'unknown', ADVICE);
        const now = clock.now();
        if (found.usedAt) throw new InvalidToken('verification token', 'used', 'sign in');
        if (found.expiresAt <= now) throw new InvalidToken('verification token', 'expired', ADVICE);
        const user = await writer.lockUser(found.userId);
        if (!user) throw new InvalidToken('verification token', 'unknown', ADVICE);
        const changes = { emailVerifiedAt: now, updatedAt: now, passwordHash: found.passwordHash ?? user.passwordHash };
        await writer.updateOneTimeToken(found.hash, { usedAt: now });
        await writer.dropOneTimeTokens(user.id, 'verify-email');
        await writer.updateUser(user.id, changes);
        return { ...user, ...changes, revision: user.revision + 1 };
      }),

    resendVerification(given) {
      const email = normaliseEmail(given);
      background.run('mail', async () => {
        if (!mailLimit.allows('verify-email', email)) return;
        const pending = await unitOfWork.run(async (writer) => {
          const user = await writer.userByEmail(email);
          return user && !user.emailVerifiedAt ? { user, token: insertToken(writer, user.id, null) } : undefined;
        });
        if (pending) await mailer.send(composeMail(pending.user, 'verify-email', { ...texts, token: pending.token }));
      });
      return email;
    },
  };
}

export function newUser(options: {
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly displayName?: string | undefined;
  readonly locale?: Locale | undefined;
  readonly emailVerifiedAt?: Date;
  readonly now: Date;
}): User {
  const { id, email, passwordHash, displayName, locale = 'zh', emailVerifiedAt = null, now } = options;
  return {
    id,
    email,
    emailVerifiedAt,
    passwordHash,
    passwordChangedAt: now,
    displayName: displayName ?? email.split('@')[0] ?? email,
    locale,
    status: 'active',
    createdAt: now,
    updatedAt: now,
    lastLoginAt: null,
    revision: 1,
  };
}
