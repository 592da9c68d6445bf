/** What of the use cases is configured. */
export interface AccountSettings {
  readonly accessTtlMs: number;
  readonly refreshTtlMs: number;
  /** The longest a session lives, however often it is refreshed. */
  readonly sessionTtlMs: number;
  /** How long a refresh token that was used answers the same successor again. */
  readonly refreshGraceMs: number;
  readonly verificationTtlMs: number;
  readonly resetTtlMs: number;
  /** How long a login may wait for its second factor. */
  readonly challengeTtlMs: number;
  readonly isRegistrationOpen: boolean;
  readonly requireVerifiedEmail: boolean;
}

/** The role that may do everything here. */
export const ADMIN = 'admin';
