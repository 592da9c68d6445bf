import type { Clock, IdSource } from '@loomgraph/core';
import type { AccessTokenIssuer, AccountWriter, ClaimsSource, TokenSource } from './ports.js';
import type { Session } from './session.js';
import type { AccountSettings } from './settings.js';
import { limits, type User } from './user.js';

/** What a client holds after signing in or refreshing. */
export interface SignedIn {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
  readonly sessionId: string;
  readonly userId: string;
}

export interface OpenedSession {
  readonly session: Session;
  readonly refreshToken: string;
  /** Sessions that had to make room. */
  readonly ended: readonly string[];
}

export interface SessionOpener {
  /** Within the caller's transaction. */
  open(writer: AccountWriter, user: User, how: { clientId: string | null; authMethods: readonly string[] }): Promise<OpenedSession>;
  /** After the commit: the tokens of an open session. */
  tokensOf(session: Session, refreshToken: string): Promise<SignedIn>;
}

export function createSessionOpener(deps: {
  readonly settings: AccountSettings;
  readonly tokens: TokenSource;
  readonly issuer: AccessTokenIssuer;
  readonly claims: ClaimsSource;
  readonly clock: Clock;
  readonly ids: IdSource;
}): SessionOpener {
  const { settings, tokens, issuer, claims, clock, ids } = deps;
  return {
    async open(writer, user, { clientId, authMethods }) {
      const now = clock.now();
      const session: Session = {
        id: ids.next(),
        userId: user.id,
        clientId,
        authMethods,
        createdAt: now,
        lastUsedAt: now,
        expiresAt: new Date(now.getTime() + Math.min(settings.refreshTtlMs, settings.sessionTtlMs)),
        endedAt: null,
        endReason: null,
      };
      const refreshToken = tokens.random();
      const surplus = await writer.surplusSessions(user.id, limits.sessions - 1, now);
      const ended = surplus.length === 0 ? [] : await writer.endSessions(user.id, { at: now, reason: 'too-many', ids: surplus });
      writer.insertSession(session);
      writer.insertRefreshToken({
        hash: tokens.hash(refreshToken),
        sessionId: session.id,
        issuedAt: now,
        expiresAt: session.expiresAt,
        usedAt: null,
        successorHash: null,
        successorSealed: null,
      });
      await writer.updateUser(user.id, { lastLoginAt: now });
      return { session, refreshToken, ended };
    },
    async tokensOf(session, refreshToken) {
      const { token, expiresAt } = await issuer.issue({
        userId: session.userId,
        sessionId: session.id,
        clientId: session.clientId,
        authMethods: session.authMethods,
        claims: await claims.claimsOf(session.userId),
        now: clock.now(),
      });
      return {
        accessToken: token,
        accessTokenExpiresAt: expiresAt,
        refreshToken,
        refreshTokenExpiresAt: session.expiresAt,
        sessionId: session.id,
        userId: session.userId,
      };
    },
  };
}
