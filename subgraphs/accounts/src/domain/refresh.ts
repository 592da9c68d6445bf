import type { Clock } from '@loomgraph/core';
import { auditNote } from './audit-trail.js';
import { AccountDisabled, InvalidToken, type TokenProblem } from './errors.js';
import type { SessionOpener, SignedIn } from './open-session.js';
import type { AccountUnitOfWork, AccountWriter, StoredRevocation, TokenSource } from './ports.js';
import type { Revoker } from './revoke.js';
import type { RefreshToken, Session } from './session.js';
import type { AccountSettings } from './settings.js';

/**
 * Exchanges a refresh token for an access token and the next refresh token. Each is used once; all of a session form one chain.
 *
 * 1. A token that was not used yet yields a new successor.
 * 2. A token that was used up to `refreshGraceMs` ago, and whose successor was not used yet, yields the same successor again: two tabs
 *    that refresh together, or a client whose answer was lost, stay signed in. There is still one chain, so a thief who came in that time
 *    holds the token its owner holds, and the first of them to be second is found out by 3.
 * 3. Any other token that was used before was stolen, or its successor was: the session ends, and all its tokens with it.
 *
 * @throws InvalidToken (`details.reason` unknown, expired, revoked or reused), AccountDisabled
 */
export type Refresh = (command: { refreshToken: string; requestId?: string | undefined }) => Promise<SignedIn>;

type Outcome =
  | { readonly kind: 'signed-in'; readonly session: Session; readonly next: string }
  | { readonly kind: 'refused'; readonly reason: TokenProblem }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'reused'; readonly revoked: readonly StoredRevocation[] };

export function createRefresh(deps: {
  readonly settings: AccountSettings;
  readonly unitOfWork: AccountUnitOfWork;
  readonly tokens: TokenSource;
  readonly opener: Pick<SessionOpener, 'tokensOf'>;
  readonly revoker: Revoker;
  readonly clock: Clock;
}): Refresh {
  const { settings, unitOfWork, tokens, opener, revoker, clock } = deps;

  const rotate = async (writer: AccountWriter, found: { token: RefreshToken; session: Session }, raw: string): Promise<Outcome> => {
    const now = clock.now();
    const next = tokens.random();
    const latest = found.session.createdAt.getTime() + settings.sessionTtlMs;
    const expiresAt = new Date(Math.min(now.getTime() + settings.refreshTtlMs, latest));
    const hash = tokens.hash(next);
    writer.insertRefreshToken({
      hash,
      sessionId: found.session.id,
      issuedAt: now,
      expiresAt,
      usedAt: null,
      successorHash: null,
      successorSealed: null,
    });
    await writer.useRefreshToken(found.token.hash, { usedAt: now, successorHash: hash, successorSealed: tokens.seal(next, raw) });
    await writer.touchSession(found.session.id, { lastUsedAt: now, expiresAt });
    return { kind: 'signed-in', session: { ...found.session, lastUsedAt: now, expiresAt }, next };
  };

  const again = async (writer: AccountWriter, { token, session }: { token: RefreshToken; session: Session }, raw: string) => {
    const { usedAt, successorHash, successorSealed } = token;
    if (!usedAt || !successorHash || !successorSealed) return undefined;
    if (clock.now().getTime() - usedAt.getTime() > settings.refreshGraceMs) return undefined;
    if (await writer.isRefreshTokenUsed(successorHash)) return undefined;
    return { kind: 'signed-in', session, next: tokens.open(successorSealed, raw) } as const;
  };

  const endFamily = async (writer: AccountWriter, session: Session, requestId: string | undefined): Promise<Outcome> => {
    const now = clock.now();
    const ended = await writer.endSessions(session.userId, { at: now, reason: 'reused', ids: [session.id] });
    writer.audit(
      auditNote({
        action: 'sessions.refresh',
        outcome: 'denied',
        reason: 'reused',
        resource: { type: 'Session', id: session.id },
        actor: { userId: session.userId, sessionId: session.id, requestId },
      }),
    );
    return { kind: 'reused', revoked: await revoker.sessions(writer, ended, now) };
  };

  const decide = async (writer: AccountWriter, raw: string, requestId: string | undefined): Promise<Outcome> => {
    const found = await writer.lockRefreshToken(tokens.hash(raw));
    if (!found) return { kind: 'refused', reason: 'unknown' };
    if (found.session.endedAt) return { kind: 'refused', reason: 'revoked' };
    if (found.token.usedAt) return (await again(writer, found, raw)) ?? endFamily(writer, found.session, requestId);
    if (found.token.expiresAt <= clock.now()) return { kind: 'refused', reason: 'expired' };
    const user = await writer.lockUser(found.session.userId);
    if (!user || user.status === 'disabled') return { kind: 'disabled' };
    return rotate(writer, found, raw);
  };

  return async ({ refreshToken, requestId }) => {
    const outcome = await unitOfWork.run((writer) => decide(writer, refreshToken, requestId));
    if (outcome.kind === 'signed-in') return opener.tokensOf(outcome.session, outcome.next);
    if (outcome.kind === 'disabled') throw new AccountDisabled();
    if (outcome.kind === 'reused') await revoker.publish(outcome.revoked);
    throw new InvalidToken('refresh token', outcome.kind === 'reused' ? 'reused' : outcome.reason, 'sign in again');
  };
}
