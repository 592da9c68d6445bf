export type SessionEnd =
  | 'logout'
  | 'logout-everywhere'
  | 'revoked'
  | 'password-changed'
  | 'password-reset'
  | 'disabled'
  | 'reused'
  | 'too-many'
  | 'erased';

/** A sign-in on one device, kept alive by refresh tokens until it ends or expires. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  /** The application that signed in, as it calls itself. */
  readonly clientId: string | null;
  /** RFC 8176: `pwd`, `otp`, `mfa`. */
  readonly authMethods: readonly string[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  /** When its latest refresh token expires. */
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
  readonly endReason: SessionEnd | null;
}

/**
 * One link of a session's chain of refresh tokens. The token itself is not kept: `hash` is its SHA-256, and `successorSealed` is the next
 * token, encrypted with a key that only this token yields.
 */
export interface RefreshToken {
  readonly hash: string;
  readonly sessionId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly successorHash: string | null;
  readonly successorSealed: string | null;
}

/** Single-use tokens that go out by mail, or stand between password and second factor. */
export type OneTimeKind = 'verify-email' | 'reset-password' | 'second-factor';

export interface OneTimeToken {
  readonly hash: string;
  readonly userId: string;
  readonly kind: OneTimeKind;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  /** Wrong codes that were offered with it. */
  readonly failures: number;
  /** For `verify-email`: the password of the registration the mail went out for, which becomes the user's with it. */
  readonly passwordHash: string | null;
  /** For `second-factor`: the application that is signing in. */
  readonly clientId: string | null;
}

/** A one-time token that was not used yet. */
export function newOneTimeToken(
  token: Pick<OneTimeToken, 'hash' | 'userId' | 'kind'> & Partial<Pick<OneTimeToken, 'passwordHash' | 'clientId'>>,
  { now, ttlMs }: { readonly now: Date; readonly ttlMs: number },
): OneTimeToken {
  const expiresAt = new Date(now.getTime() + ttlMs);
  return { passwordHash: null, clientId: null, ...token, createdAt: now, expiresAt, usedAt: null, failures: 0 };
}
