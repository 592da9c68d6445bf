import { z } from 'zod';
import { byteSize, duration, flag, integer, secret, text, url } from '../primitives.js';
import type { ConfigRule } from '../define-config.js';
import { setting } from '../setting.js';

const MIN_SECRET_CHARACTERS = 32;
const MIN_TTL_MS = 1_000;

/** Users, sessions and access tokens; read by whoever runs the accounts subgraph. */
export const accountsSettings = {
  secret: setting({
    env: 'ACCOUNTS_SECRET',
    schema: secret({ minLength: MIN_SECRET_CHARACTERS }).optional(),
    doc: 'Encrypts the private keys in the accounts database; every process that runs accounts needs the same. Not set, and accounts in the process of the gateway: the secret of the data folder.',
    secret: true,
  }),
  registration: setting({
    env: 'REGISTRATION',
    schema: flag(),
    default: true,
    doc: 'Whether people may make accounts by themselves.',
  }),
  requireVerifiedEmail: setting({
    env: 'REQUIRE_VERIFIED_EMAIL',
    schema: flag(),
    default: true,
    doc: 'Whether an address must be confirmed before its user can sign in.',
  }),
  administrator: {
    email: setting({
      env: 'ADMIN_EMAIL',
      schema: text().optional(),
      doc: 'E-mail address of the administrator that the first start makes. Not set: admin@localhost.',
    }),
    password: setting({
      env: 'ADMIN_PASSWORD',
      schema: secret({ minLength: 10 }).optional(),
      doc: 'Password of the administrator that the first start makes. Not set: a random one, written to admin-password in the data folder.',
      secret: true,
    }),
  },
  tokens: {
    algorithm: setting({
      env: 'TOKEN_ALGORITHM',
      schema: z.enum(['EdDSA', 'RS256', 'HS256']),
      default: 'EdDSA',
      doc: 'What signs access tokens: EdDSA (Ed25519) or RS256 with keys of our own, or HS256 with JWT_SECRET.',
    }),
    issuer: setting({
      env: 'TOKEN_ISSUER',
      schema: url('http', 'https').optional(),
      doc: 'Who issues access tokens (claim iss). Not set: PUBLIC_URL, else http://HOST:PORT. A gateway and a remote accounts subgraph need the same.',
    }),
    audience: setting({
      env: 'TOKEN_AUDIENCE',
      schema: text(),
      default: 'loomgraph',
      doc: 'Whom access tokens are for (claim aud).',
    }),
    accessTtlMs: setting({
      env: 'ACCESS_TOKEN_TTL',
      schema: duration({ minMs: MIN_TTL_MS }),
      default: '60m',
      doc: 'How long an access token is good for.',
    }),
    refreshTtlMs: setting({
      env: 'REFRESH_TOKEN_TTL',
      schema: duration({ minMs: MIN_TTL_MS }),
      default: '1d',
      doc: 'How long a refresh token is good for; each refresh yields another one.',
    }),
    refreshGraceMs: setting({
      env: 'REFRESH_GRACE',
      schema: duration({ maxMs: 60_000 }),
      default: '10s',
      doc: 'How long a refresh token that was just used yields the same successor again, for clients that refresh twice at once; 0 takes every second use for theft.',
    }),
    keyLifetimeMs: setting({
      env: 'SIGNING_KEY_LIFETIME',
      schema: duration({ minMs: 60_000 }),
      default: '90d',
      doc: 'After how long another key signs access tokens.',
    }),
  },
  sessions: {
    ttlMs: setting({
      env: 'SESSION_TTL',
      schema: duration({ minMs: MIN_TTL_MS }),
      default: '30d',
      doc: 'How long a session lives at most, however often it is refreshed.',
    }),
    challengeTtlMs: setting({
      env: 'LOGIN_CHALLENGE_TTL',
      schema: duration({ minMs: MIN_TTL_MS }),
      default: '5m',
      doc: 'How long a login waits for its second factor.',
    }),
  },
  passwords: {
    memoryBytes: setting({
      env: 'ARGON2_MEMORY',
      schema: byteSize({ minBytes: 8 * 1_024 }),
      default: '19mb',
      doc: 'Memory of one password hash (argon2id); four are computed at once.',
    }),
    passes: setting({
      env: 'ARGON2_PASSES',
      schema: integer({ min: 1, max: 100 }),
      default: 2,
      doc: 'Passes of a password hash over its memory. Hashes with other settings are made anew when their users sign in.',
    }),
    parallelism: setting({ env: 'ARGON2_LANES', schema: integer({ min: 1, max: 16 }), default: 1, doc: 'Lanes of a password hash.' }),
  },
  throttle: {
    freeAttempts: setting({
      env: 'LOGIN_FREE_ATTEMPTS',
      schema: integer({ min: 1, max: 1_000 }),
      default: 5,
      doc: 'Attempts to sign in to an account before each further one has to wait.',
    }),
    firstWaitMs: setting({
      env: 'LOGIN_FIRST_WAIT',
      schema: duration({ minMs: MIN_TTL_MS }),
      default: '30s',
      doc: 'How long the first of these waits is; each is twice as long as the one before.',
    }),
    longestWaitMs: setting({
      env: 'LOGIN_LONGEST_WAIT',
      schema: duration({ minMs: MIN_TTL_MS }),
      default: '1h',
      doc: 'How long an account that is tried too often waits at most; no shorter than LOGIN_FIRST_WAIT.',
    }),
    memoryMs: setting({
      env: 'LOGIN_MEMORY',
      schema: duration({ minMs: MIN_TTL_MS }),
      default: '1d',
      doc: 'For how long attempts on an account are remembered, from the first on; no shorter than LOGIN_LONGEST_WAIT.',
    }),
    perNetwork: setting({
      env: 'LOGIN_PER_NETWORK',
      schema: integer({ min: 1, max: 1_000_000 }),
      default: 30,
      doc: 'Attempts to sign in from a network (an address of IPv4, the /64 of IPv6) within LOGIN_WINDOW, on whichever accounts; those that succeed are not counted. Raise it where many people share an address.',
    }),
    windowMs: setting({
      env: 'LOGIN_WINDOW',
      schema: duration({ minMs: MIN_TTL_MS }),
      default: '10m',
      doc: 'The span in which attempts from a network are counted.',
    }),
  },
  mail: {
    smtpUrl: setting({
      env: 'SMTP_URL',
      schema: url('smtp', 'smtps').optional(),
      doc: 'Mail server, smtp://user:password@host:587. Not set: mails are kept in outbox.jsonl of the data folder.',
      secret: true,
    }),
    from: setting({
      env: 'MAIL_FROM',
      schema: text(),
      default: 'Loomgraph <no-reply@localhost>',
      doc: 'Sender of mails.',
    }),
    webUrl: setting({
      env: 'WEB_URL',
      schema: url('http', 'https').optional(),
      doc: 'The website that mails link to, at /verify-email and /reset-password. Not set: mails hold the token alone.',
    }),
    verificationTtlMs: setting({
      env: 'VERIFICATION_TTL',
      schema: duration({ minMs: MIN_TTL_MS }),
      default: '1d',
      doc: 'How long the token of a mail that confirms an address is good for.',
    }),
    resetTtlMs: setting({
      env: 'PASSWORD_RESET_TTL',
      schema: duration({ minMs: MIN_TTL_MS }),
      default: '1h',
      doc: 'How long the token of a mail for a new password is good for.',
    }),
  },
} as const;

type AccountsShape = { readonly accounts: typeof accountsSettings };

/** What settings of accounts ask of each other; for every process that has them as `accounts`. */
export const accountsRules: readonly ConfigRule<AccountsShape>[] = [
  ({ accounts: { throttle } }) =>
    throttle.firstWaitMs > throttle.longestWaitMs
      ? 'LOGIN_FIRST_WAIT: is longer than LOGIN_LONGEST_WAIT; waits begin with the first and grow to the longest'
      : undefined,
  // Whoever waits longer than is remembered would start anew.
  ({ accounts: { throttle } }) =>
    throttle.longestWaitMs > throttle.memoryMs
      ? 'LOGIN_LONGEST_WAIT: is longer than LOGIN_MEMORY; attempts must be remembered for as long as they make an account wait'
      : undefined,
];
