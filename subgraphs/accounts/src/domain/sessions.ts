import type { Clock } from '@loomgraph/core';
import { auditNote, type Actor } from './audit-trail.js';
import { SessionNotFound } from './errors.js';
import type { AccountReader, AccountUnitOfWork } from './ports.js';
import type { Revoker } from './revoke.js';
import type { Session, SessionEnd } from './session.js';

export interface SessionManagement {
  /** The caller's open sessions, last used first. */
  list(userId: string): Promise<readonly Session[]>;
  /** Ends the session of the caller's token; an ended one, or a token without a session, is no error. @returns whether one was ended */
  logout(actor: Actor): Promise<boolean>;
  /** Ends all sessions of the caller. @returns how many */
  logoutEverywhere(actor: Actor): Promise<number>;
  /** Ends one session of the caller. @throws SessionNotFound */
  revoke(sessionId: string, actor: Actor): Promise<void>;
}

/** What a session's end takes back is refused everywhere within seconds: its access tokens by the revocation list, its refresh tokens at once. */
export function createSessionManagement(deps: {
  readonly unitOfWork: AccountUnitOfWork;
  readonly reader: AccountReader;
  readonly revoker: Revoker;
  readonly clock: Clock;
}): SessionManagement {
  const { unitOfWork, reader, revoker, clock } = deps;

  const end = async (actor: Actor, reason: SessionEnd, action: string, ids?: readonly string[]): Promise<number> => {
    const { ended, revoked } = await unitOfWork.run(async (writer) => {
      const at = clock.now();
      const ended = await writer.endSessions(actor.userId, { at, reason, ...(ids === undefined ? {} : { ids }) });
      if (ended.length > 0) {
        const resource = { type: 'Session', ...(ids?.[0] === undefined ? {} : { id: ids[0] }) };
        writer.audit(auditNote({ action, resource, actor, details: { sessions: ended.length } }));
      }
      return { ended, revoked: await revoker.sessions(writer, ended, at) };
    });
    await revoker.publish(revoked);
    return ended.length;
  };

  return {
    list: (userId) => reader.openSessions(userId, clock.now()),
    logout: async (actor) => actor.sessionId !== undefined && (await end(actor, 'logout', 'sessions.logout', [actor.sessionId])) > 0,
    logoutEverywhere: (actor) => end(actor, 'logout-everywhere', 'sessions.logout-everywhere'),
    async revoke(sessionId, actor) {
      if ((await end(actor, 'revoked', 'sessions.revoke', [sessionId])) === 0) throw new SessionNotFound(sessionId);
    },
  };
}
