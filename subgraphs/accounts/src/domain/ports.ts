import type { LazyPage, PageRequest } from '@loomgraph/core';
import type { EventEnvelope } from '@loomgraph/events';
import type { AuditNote } from './audit-trail.js';
import type { OneTimeKind, OneTimeToken, RefreshToken, Session, SessionEnd } from './session.js';
import type { Locale, User, UserStatus } from './user.js';

export type UserSortField = 'createdAt' | 'email' | 'displayName';

export interface UserOrder {
  readonly field: UserSortField;
  readonly direction: 'asc' | 'desc';
}

/** Every given condition must hold. */
export interface UserFilter {
  readonly ids?: readonly string[];
  /** Part of the address or the name, any case. */
  readonly search?: string;
  readonly status?: UserStatus;
  readonly locale?: Locale;
  readonly emailVerified?: boolean;
  readonly role?: string;
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
}

/** Reads from the system of record; each call is one statement. */
export interface AccountReader {
  usersByIds(ids: readonly string[]): Promise<readonly User[]>;
  userByEmail(email: string): Promise<User | null>;
  listUsers(filter: UserFilter, order: UserOrder, page: PageRequest): Promise<LazyPage<User>>;
  /** Roles that were given to each user, by name. */
  rolesOf(userIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Those that have not ended or expired, last used first; at most `limits.sessions`. */
  openSessions(userId: string, now: Date): Promise<readonly Session[]>;
}

/** Writes within one transaction. `lock…` waits for other writers of the row and reads what they committed. */
export interface AccountWriter {
  lockUser(id: string): Promise<User | null>;
  userByEmail(email: string): Promise<User | null>;
  countUsers(): Promise<number>;
  insertUser(user: User): void;
  updateUser(id: string, changes: Partial<Omit<User, 'id' | 'revision'>>): Promise<void>;
  /** A role that counts everywhere. */
  giveRole(userId: string, role: string): Promise<void>;

  insertSession(session: Session): void;
  lockSession(id: string): Promise<Session | null>;
  touchSession(id: string, changes: { lastUsedAt: Date; expiresAt: Date }): Promise<void>;
  /** Ends those of a user's open sessions, all where `ids` is left out, but for `except`. @returns the ids of those that were open */
  endSessions(
    userId: string,
    end: { at: Date; reason: SessionEnd; ids?: readonly string[]; except?: string | undefined },
  ): Promise<readonly string[]>;
  /** Open sessions of a user beyond the newest `keep`. */
  surplusSessions(userId: string, keep: number, now: Date): Promise<readonly string[]>;

  insertRefreshToken(token: RefreshToken): void;
  /** Locks the session of the token, then the token. */
  lockRefreshToken(hash: string): Promise<{ token: RefreshToken; session: Session } | null>;
  useRefreshToken(hash: string, use: { usedAt: Date; successorHash: string; successorSealed: string }): Promise<void>;
  isRefreshTokenUsed(hash: string): Promise<boolean>;

  insertOneTimeToken(token: OneTimeToken): void;
  lockOneTimeToken(hash: string, kind: OneTimeKind): Promise<OneTimeToken | null>;
  updateOneTimeToken(hash: string, changes: Partial<Pick<OneTimeToken, 'usedAt' | 'failures'>>): Promise<void>;
  /** Those of a user that were not used are good for nothing any more. */
  dropOneTimeTokens(userId: string, kind: OneTimeKind): Promise<void>;

  /** Remembers a revocation, so that a process that starts later publishes it again. */
  insertRevocation(entry: StoredRevocation): Promise<void>;
  /** Into the audit log, with this transaction, after all its other writes. */
  audit(note: AuditNote): void;
  append(event: EventEnvelope): void;
}

export interface AccountUnitOfWork {
  /** `work` may run again after a deadlock: no effect outside the database. */
  run<T>(work: (writer: AccountWriter) => Promise<T>): Promise<T>;
}

export interface StoredRevocation {
  readonly kind: 'session' | 'user' | 'token' | 'api-key';
  readonly id: string;
  readonly at: Date;
  readonly until: Date;
}

/** Tells whoever takes requests what is revoked; the `RevocationList` of shared/auth is one. */
export interface Revocations {
  revoke(entry: StoredRevocation): Promise<void>;
}

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the hash's. With no hash it takes the same time and answers false, so that nobody learns which users there are.
   */
  verify(hash: string | undefined, password: string): Promise<boolean>;
  /** Whether the hash was made with weaker settings than today's. */
  needsRehash(hash: string): boolean;
}

export interface TokenSource {
  /** 256 random bits, base64url. */
  random(): string;
  /** SHA-256, base64url: what is kept of a token. */
  hash(token: string): string;
  /** Encrypts `text` so that only who has `token` can read it. */
  seal(text: string, token: string): string;
  /** @throws StoreError corrupt when it was sealed with another token */
  open(sealed: string, token: string): string;
}

/** What an access token says about a user besides who it is. */
export interface Claims {
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly companyId?: string;
}

/** Where the claims come from; read anew for every access token. */
export interface ClaimsSource {
  claimsOf(userId: string): Promise<Claims>;
}

export interface AccessTokenIssuer {
  issue(token: {
    userId: string;
    sessionId: string;
    clientId: string | null;
    authMethods: readonly string[];
    claims: Claims;
    now: Date;
  }): Promise<{ token: string; expiresAt: Date }>;
}

export interface LoginAttempt {
  /** Normalised. */
  readonly email: string;
  readonly requestId?: string | undefined;
  /** Where the request came from, as far as the gateway tells. */
  readonly address?: string | undefined;
}

/** Asked around every attempt to sign in. */
export interface LoginGuard {
  /** @throws DomainError where the account or the address must wait */
  admit(attempt: LoginAttempt): Promise<void>;
  failed(attempt: LoginAttempt): Promise<void>;
  succeeded(attempt: LoginAttempt): Promise<void>;
  /** Forgets the attempts on an account, for whoever proved to be its owner in another way. */
  unlock(email: string): Promise<void>;
}

/** The second factor of users who have one. */
export interface SecondFactor {
  isRequired(userId: string): Promise<boolean>;
  /** The method the code is good for, used up where it is used once; null where it is not. */
  verify(userId: string, code: string): Promise<'otp' | 'recovery' | null>;
}

export type MailKind = 'verify-email' | 'already-registered' | 'reset-password' | 'password-changed';

export interface Mail {
  readonly to: string;
  readonly kind: MailKind;
  readonly locale: Locale;
  readonly subject: string;
  readonly text: string;
  /** The secret in it, for the outbox of development; never logged in production. */
  readonly token?: string;
}

export interface Mailer {
  /** @throws LoomError MAIL_UNAVAILABLE */
  send(mail: Mail): Promise<void>;
}

/** Work that an answer does not wait for: whether there was any must not show in how long the answer took. */
export interface Background {
  run(what: string, work: () => Promise<void>): void;
}
