/** What may be long, and how long. */
export const limits = {
  emailLength: 254,
  displayNameLength: 100,
  passwordMin: 10,
  passwordMax: 128,
  /** Sessions of one user that are open at once; one more ends the one that was used least recently. */
  sessions: 100,
} as const;

export const locales = ['zh', 'en'] as const;
export type Locale = (typeof locales)[number];

export type UserStatus = 'active' | 'disabled';

/** A person who can sign in. */
export interface User {
  readonly id: string;
  /** Normalised (`normaliseEmail`); unique. */
  readonly email: string;
  readonly emailVerifiedAt: Date | null;
  /** As the hasher wrote it, with its own settings in it. */
  readonly passwordHash: string;
  readonly passwordChangedAt: Date;
  readonly displayName: string;
  readonly locale: Locale;
  readonly status: UserStatus;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly lastLoginAt: Date | null;
  readonly revision: number;
}
