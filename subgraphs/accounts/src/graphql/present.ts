import type { Identity } from '@loomgraph/auth';
import type { SignedIn } from '../domain/open-session.js';
import type { Session as SessionRecord } from '../domain/session.js';
import type { Locale, User as UserRecord, UserStatus as Status } from '../domain/user.js';
import type { LoginPayload } from './login.type.js';
import { UserLocale, UserStatus, type Session, type User } from './user.type.js';

const statuses: Record<Status, UserStatus> = { active: UserStatus.ACTIVE, disabled: UserStatus.DISABLED };
const shownLocales: Record<Locale, UserLocale> = { zh: UserLocale.ZH, en: UserLocale.EN };
export const localeOf: Record<UserLocale, Locale> = { ZH: 'zh', EN: 'en' };
export const statusOf: Record<UserStatus, Status> = { ACTIVE: 'active', DISABLED: 'disabled' };

/** Who looks: the caller, (`self`) the user who has just proved to be the one shown, or (`permitted`) who may read all of it. */
export type Viewer = Identity | null | 'self' | 'permitted';

export function toUser(record: UserRecord, viewer: Viewer): User {
  const { id, displayName } = record;
  const mayRead = viewer === 'self' || viewer === 'permitted' || viewer?.userId === id;
  if (!mayRead) {
    const hidden = { email: null, emailVerified: null, locale: null, status: null, createdAt: null, updatedAt: null, lastLoginAt: null };
    return { id, displayName, ...hidden, revision: null, mayRead };
  }
  return {
    id,
    displayName,
    email: record.email,
    emailVerified: record.emailVerifiedAt != null,
    locale: shownLocales[record.locale],
    status: statuses[record.status],
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    lastLoginAt: record.lastLoginAt ?? null,
    revision: record.revision,
    mayRead,
  };
}

export function toSession(record: SessionRecord, currentId: string | undefined): Session {
  const { id, clientId, authMethods, createdAt, lastUsedAt, expiresAt } = record;
  return { id, client: clientId ?? null, authMethods, createdAt, lastUsedAt, expiresAt, isCurrent: id === currentId };
}

export function toLoginPayload(signedIn: SignedIn): LoginPayload {
  const { accessToken, accessTokenExpiresAt, refreshToken, refreshTokenExpiresAt, sessionId, userId } = signedIn;
  return { accessToken, accessTokenExpiresAt, refreshToken, refreshTokenExpiresAt, sessionId, userId };
}
