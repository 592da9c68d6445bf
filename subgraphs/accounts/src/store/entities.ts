import { defineEntity, p } from '@mikro-orm/core';

export const UserEntity = defineEntity({
  name: 'UserEntity',
  tableName: 'user_account',
  properties: {
    id: p.string().length(36).primary(),
    email: p.string().length(254),
    emailVerifiedAt: p.datetime(3).nullable(),
    passwordHash: p.string().length(255),
    passwordChangedAt: p.datetime(3),
    displayName: p.string().length(100),
    locale: p.string().length(10),
    status: p.string().length(16),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    lastLoginAt: p.datetime(3).nullable(),
    revision: p.integer().version(),
  },
});

/** A role by name, in one company or (empty company) everywhere. */
export const UserRoleEntity = defineEntity({
  name: 'UserRoleEntity',
  tableName: 'user_role',
  properties: {
    userId: p.string().length(64).primary(),
    role: p.string().length(64).primary(),
    companyId: p.string().length(64).primary(),
    /** The user who gave it; empty where the installation did. */
    assignedBy: p.string().length(64).default(''),
    assignedAt: p.datetime(3).defaultRaw('current_timestamp(3)'),
  },
});

export const SessionEntity = defineEntity({
  name: 'SessionEntity',
  tableName: 'user_session',
  properties: {
    id: p.string().length(36).primary(),
    userId: p.string().length(36),
    clientId: p.string().length(100).nullable(),
    authMethods: p.json<string[]>(),
    createdAt: p.datetime(3),
    lastUsedAt: p.datetime(3),
    expiresAt: p.datetime(3),
    endedAt: p.datetime(3).nullable(),
    endReason: p.string().length(32).nullable(),
  },
});

export const RefreshTokenEntity = defineEntity({
  name: 'RefreshTokenEntity',
  tableName: 'refresh_token',
  properties: {
    hash: p.string().length(43).primary(),
    sessionId: p.string().length(36),
    issuedAt: p.datetime(3),
    expiresAt: p.datetime(3),
    usedAt: p.datetime(3).nullable(),
    successorHash: p.string().length(43).nullable(),
    successorSealed: p.string().length(255).nullable(),
  },
});

export const OneTimeTokenEntity = defineEntity({
  name: 'OneTimeTokenEntity',
  tableName: 'one_time_token',
  properties: {
    hash: p.string().length(43).primary(),
    userId: p.string().length(36),
    kind: p.string().length(32),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    usedAt: p.datetime(3).nullable(),
    failures: p.integer(),
    passwordHash: p.string().length(255).nullable(),
    clientId: p.string().length(100).nullable(),
  },
});

/** A key that signs, or once signed, access tokens. Its private part is encrypted. */
export const SigningKeyEntity = defineEntity({
  name: 'SigningKeyEntity',
  tableName: 'signing_key',
  properties: {
    kid: p.string().length(43).primary(),
    algorithm: p.string().length(16),
    publicJwk: p.json<Record<string, unknown>>(),
    privateSealed: p.text(),
    createdAt: p.datetime(3),
    /** When another key took over; null for the one that signs. */
    retiredAt: p.datetime(3).nullable(),
    /** When the last token it signed has expired; null while it signs. */
    expiresAt: p.datetime(3).nullable(),
  },
});

/** Which key signs: one row, locked by who changes it. */
export const KeyRingEntity = defineEntity({
  name: 'KeyRingEntity',
  tableName: 'key_ring',
  properties: {
    id: p.integer().primary(),
    kid: p.string().length(43).nullable(),
  },
});

export const RevocationEntity = defineEntity({
  name: 'RevocationEntity',
  tableName: 'revocation',
  properties: {
    kind: p.string().length(16).primary(),
    id: p.string().length(64).primary(),
    at: p.datetime(3).fieldName('revoked_at'),
    until: p.datetime(3).fieldName('revoked_until'),
  },
});

export const entities = [
  UserEntity,
  UserRoleEntity,
  SessionEntity,
  RefreshTokenEntity,
  OneTimeTokenEntity,
  SigningKeyEntity,
  KeyRingEntity,
  RevocationEntity,
];
