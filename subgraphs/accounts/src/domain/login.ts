import type { Clock } from '@loomgraph/core';
import { auditNote } from './audit-trail.js';
import { normaliseEmail } from './email.js';
import { AccountDisabled, EmailNotVerified, InvalidCredentials, InvalidToken, WrongSecondFactor } from './errors.js';
import type { SessionOpener, SignedIn } from './open-session.js';
import { offeredPassword } from './password.js';
import type {
  AccountReader,
  AccountUnitOfWork,
  AccountWriter,
  LoginAttempt,
  LoginGuard,
  PasswordHasher,
  SecondFactor,
  TokenSource,
} from './ports.js';
import type { Revoker } from './revoke.js';
import { newOneTimeToken } from './session.js';
import type { AccountSettings } from './settings.js';
import type { User } from './user.js';

export interface LoginCommand {
  readonly email: string;
  readonly password: string;
  readonly clientId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly address?: string | undefined;
}

export type LoginOutcome =
  | { readonly kind: 'signed-in'; readonly signedIn: SignedIn }
  | { readonly kind: 'second-factor'; readonly challenge: string; readonly expiresAt: Date };

export interface CompleteLoginCommand {
  readonly challenge: string;
  readonly code: string;
  readonly requestId?: string | undefined;
  readonly address?: string | undefined;
}

export interface Login {
  /**
   * Signs in, or asks for the second factor of a user who has one. Takes as long for an unknown address as for a wrong password.
   * @throws InvalidEmail, InvalidCredentials; EmailNotVerified, AccountDisabled to who knows the password
   */
  login(command: LoginCommand): Promise<LoginOutcome>;
  /** The second step. @throws InvalidToken for the challenge, WrongSecondFactor, AccountDisabled */
  completeLogin(command: CompleteLoginCommand): Promise<SignedIn>;
}

/** A challenge is good for so many wrong codes; then the password is asked for again. */
const MAX_CODES = 5;

export function createLogin(deps: {
  readonly settings: AccountSettings;
  readonly unitOfWork: AccountUnitOfWork;
  readonly reader: AccountReader;
  readonly hasher: PasswordHasher;
  readonly tokens: TokenSource;
  readonly opener: SessionOpener;
  readonly revoker: Revoker;
  readonly guard: LoginGuard;
  readonly secondFactor: SecondFactor;
  readonly clock: Clock;
}): Login {
  const { settings, unitOfWork, reader, hasher, tokens, opener, revoker, guard, secondFactor, clock } = deps;

  const note = (attempt: Partial<LoginAttempt>, about: { userId?: string | undefined; sessionId?: string; reason?: string }) =>
    auditNote({
      action: 'users.login',
      outcome: about.reason === undefined ? 'allowed' : 'denied',
      reason: about.reason,
      resource: { type: 'User', ...(about.userId === undefined ? {} : { id: about.userId }) },
      actor: { userId: about.userId, sessionId: about.sessionId, requestId: attempt.requestId, address: attempt.address },
    });

  const refuse = async (attempt: LoginAttempt, reason: string, userId: string | undefined): Promise<void> => {
    await unitOfWork.run(async (writer) => writer.audit(note(attempt, { reason, userId })));
    await guard.failed(attempt);
  };

  const signIn = async (
    userId: string,
    how: { clientId: string | null; authMethods: readonly string[]; attempt: LoginAttempt; challenge?: string },
  ) => {
    const { opened, revoked } = await unitOfWork.run(async (writer) => {
      const user = await writer.lockUser(userId);
      if (!user || user.status === 'disabled') throw new AccountDisabled();
      if (how.challenge !== undefined) await useChallenge(writer, how.challenge);
      const opened = await opener.open(writer, user, how);
      writer.audit(note(how.attempt, { userId, sessionId: opened.session.id }));
      return { opened, revoked: await revoker.sessions(writer, opened.ended, clock.now()) };
    });
    await revoker.publish(revoked);
    return opener.tokensOf(opened.session, opened.refreshToken);
  };

  /** Of two that come with one challenge, one signs in. */
  const useChallenge = async (writer: AccountWriter, hash: string): Promise<void> => {
    const found = await writer.lockOneTimeToken(hash, 'second-factor');
    if (!found || found.usedAt) throw invalidChallenge('used');
    await writer.updateOneTimeToken(hash, { usedAt: clock.now() });
  };

  const challengeFor = (user: User, clientId: string | null) =>
    unitOfWork.run(async (writer) => {
      const challenge = tokens.random();
      const found = newOneTimeToken(
        { hash: tokens.hash(challenge), userId: user.id, kind: 'second-factor', clientId },
        { now: clock.now(), ttlMs: settings.challengeTtlMs },
      );
      writer.insertOneTimeToken(found);
      return { kind: 'second-factor', challenge, expiresAt: found.expiresAt } as const;
    });

  return {
    async login({ password, requestId, address, ...command }) {
      const attempt: LoginAttempt = { email: normaliseEmail(command.email), requestId, address };
      const clientId = command.clientId ?? null;
      await guard.admit(attempt);
      const user = await reader.userByEmail(attempt.email);
      const offered = offeredPassword(password);
      const fits = await hasher.verify(offered === undefined ? undefined : user?.passwordHash, offered ?? '');
      if (!user || offered === undefined || !fits) {
        await refuse(attempt, user ? 'wrong-password' : 'unknown-user', user?.id);
        throw new InvalidCredentials();
      }
      // Only who knows the password learns in which state the account is.
      if (user.status === 'disabled') {
        await refuse(attempt, 'disabled', user.id);
        throw new AccountDisabled();
      }
      if (settings.requireVerifiedEmail && !user.emailVerifiedAt) throw new EmailNotVerified();
      if (hasher.needsRehash(user.passwordHash)) {
        const passwordHash = await hasher.hash(offered);
        await unitOfWork.run((writer) => writer.updateUser(user.id, { passwordHash }));
      }
      if (await secondFactor.isRequired(user.id)) return challengeFor(user, clientId);
      const signedIn = await signIn(user.id, { clientId, authMethods: ['pwd'], attempt });
      await guard.succeeded(attempt);
      return { kind: 'signed-in', signedIn };
    },

    async completeLogin({ challenge, code, requestId, address }) {
      const hash = tokens.hash(challenge);
      const { found, user } = await unitOfWork.run(async (writer) => {
        const found = await writer.lockOneTimeToken(hash, 'second-factor');
        if (!found) throw invalidChallenge('unknown');
        if (found.usedAt) throw invalidChallenge('used');
        if (found.expiresAt <= clock.now() || found.failures >= MAX_CODES) throw invalidChallenge('expired');
        const user = await writer.lockUser(found.userId);
        if (!user) throw invalidChallenge('unknown');
        // Counted before the code is looked at: codes that are tried at once count each.
        await writer.updateOneTimeToken(hash, { failures: found.failures + 1 });
        return { found, user };
      });
      const attempt: LoginAttempt = { email: user.email, requestId, address };
      await guard.admit(attempt);
      const method = await secondFactor.verify(user.id, code);
      if (method === null) {
        await refuse(attempt, 'wrong-code', user.id);
        throw new WrongSecondFactor();
      }
      const signedIn = await signIn(user.id, { clientId: found.clientId, authMethods: ['pwd', 'otp', 'mfa'], attempt, challenge: hash });
      await guard.succeeded(attempt);
      return signedIn;
    },
  };
}

const invalidChallenge = (reason: 'unknown' | 'used' | 'expired'): InvalidToken =>
  new InvalidToken('login challenge', reason, 'sign in again');
