import type { accountsSettings, ConfigOf } from '@loomgraph/config';
import { LoomError } from '@loomgraph/core';
import type { Argon2Settings } from './adapters/argon2-hasher.js';
import type { KeyAlgorithm } from './adapters/key-ring.js';
import type { MailOptions } from './adapters/open-mailer.js';
import type { ThrottleSettings } from './domain/security/login-throttle.js';
import type { AccountSettings } from './domain/settings.js';

/** Everything that is configured of the subgraph. */
export interface AccountsOptions {
  readonly settings: AccountSettings;
  readonly argon2: Argon2Settings;
  readonly throttle: ThrottleSettings;
  readonly tokens: {
    readonly algorithm: KeyAlgorithm | 'HS256';
    readonly issuer: string;
    readonly audience: string;
    readonly keyLifetimeMs: number;
    /** Signs where the algorithm is HS256. */
    readonly hmacSecret: string | undefined;
  };
  /** Encrypts what must not be read in the database; at least 32 characters. */
  readonly secret: string;
  readonly mail: MailOptions;
  /** Where `/.well-known/` is served. */
  readonly publicUrl: string;
}

/** The options as a process reads them from its settings. */
export function accountsOptions(
  config: ConfigOf<typeof accountsSettings>,
  process: {
    /** Where there is no ACCOUNTS_SECRET: the data folder's. */
    readonly fallbackSecret: string | undefined;
    readonly jwtSecret: string | undefined;
    readonly publicUrl: string;
    /** The claimed data folder; `memory://` keeps nothing. */
    readonly dataDir: string;
    /** Whether the record is embedded: then it is a person's own machine, whose log may show tokens. */
    readonly isEmbedded: boolean;
  },
): AccountsOptions {
  const { tokens, passwords, sessions, throttle, mail } = config;
  const secret = config.secret?.reveal() ?? process.fallbackSecret;
  if (secret === undefined)
    throw new LoomError('CONFIG_INVALID', 'ACCOUNTS_SECRET is not set: it encrypts the keys that sign access tokens.');
  if (tokens.algorithm === 'HS256' && process.jwtSecret === undefined)
    throw new LoomError('CONFIG_INVALID', 'TOKEN_ALGORITHM is HS256, which signs with JWT_SECRET, and that is not set.');
  return {
    settings: {
      accessTtlMs: tokens.accessTtlMs,
      refreshTtlMs: tokens.refreshTtlMs,
      sessionTtlMs: sessions.ttlMs,
      refreshGraceMs: tokens.refreshGraceMs,
      verificationTtlMs: mail.verificationTtlMs,
      resetTtlMs: mail.resetTtlMs,
      challengeTtlMs: sessions.challengeTtlMs,
      isRegistrationOpen: config.registration,
      requireVerifiedEmail: config.requireVerifiedEmail,
    },
    argon2: passwords,
    throttle,
    tokens: {
      algorithm: tokens.algorithm,
      issuer: tokens.issuer ?? process.publicUrl,
      audience: tokens.audience,
      keyLifetimeMs: tokens.keyLifetimeMs,
      hmacSecret: process.jwtSecret,
    },
    secret,
    mail: {
      smtpUrl: mail.smtpUrl,
      from: mail.from,
      webUrl: mail.webUrl,
      dataDir: process.dataDir === 'memory://' ? undefined : process.dataDir,
      showTokens: process.isEmbedded,
    },
    publicUrl: process.publicUrl,
  };
}
