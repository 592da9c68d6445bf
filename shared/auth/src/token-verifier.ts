import { createHash } from 'node:crypto';
import { LoomError, StoreError, systemClock, type Clock } from '@loomgraph/core';
import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { createHmacKey, type SecretLike } from './hmac-key.js';
import { freezeIdentity, type Identity } from './identity.js';
import { refusalOf, tokenRefused } from './token-refused.js';

/** Asymmetric only: a published key must never serve as an HMAC secret. */
const PUBLIC_KEY_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
const MAX_TOKEN_CHARACTERS = 16_384;
const DEFAULT_CACHE_ENTRIES = 10_000;
const JWKS_TIMEOUT_MS = 5_000;

export interface TokenVerifierOptions {
  /** Accepts HS256 tokens of this secret, at least 32 bytes. */
  readonly secret?: SecretLike;
  /** Accepts tokens of the keys published here (RS, PS, ES, EdDSA); fetched on first use, again when an unknown key appears. */
  readonly jwksUrl?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly clockToleranceSeconds?: number;
  /** How many verified tokens are remembered. */
  readonly cacheEntries?: number;
  readonly clock?: Clock;
  /** Fetches the key set. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/**
 * Verifies access tokens (JWT, RFC 9068).
 *
 * 1. Needs `sub`, `iat` and `exp`; checks signature, expiry, `nbf`, and issuer and audience where configured.
 * 2. Roles come from `roles`, scopes from `scope` (or `scp`), each a list or a text with blanks between; company from `company_id`,
 *    session from `sid`, application from `client_id`, methods from `amr`.
 * 3. A verified token is remembered by its SHA-256 until it expires; the token itself is not kept.
 * 4. Refusals say which rule failed, in `details.reason` (`TokenRefusal`), and nothing of the token.
 */
export interface TokenVerifier {
  /** @throws LoomError UNAUTHENTICATED; StoreError `unavailable` when the key set cannot be fetched */
  verify(token: string): Promise<Identity>;
}

/** @throws LoomError CONFIG_INVALID when neither `secret` nor `jwksUrl` is given, or the secret is too short */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { issuer, audience, clockToleranceSeconds = 5, cacheEntries = DEFAULT_CACHE_ENTRIES, clock = systemClock } = options;
  const { getKey, algorithms } = keySource(options);
  const cache = new LRUCache<string, Identity>({ max: cacheEntries });
  const checks = {
    algorithms,
    clockTolerance: clockToleranceSeconds,
    requiredClaims: ['sub', 'iat', 'exp'],
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };

  const verify = async (token: string): Promise<Identity> => {
    if (token === '') throw tokenRefused('access token', 'missing');
    if (token.length > MAX_TOKEN_CHARACTERS) throw tokenRefused('access token', 'malformed');
    const digest = createHash('sha256').update(token).digest('base64');
    const now = clock.now();
    const known = cache.get(digest);
    if (known !== undefined) {
      if (now.getTime() < known.expiresAt.getTime() + clockToleranceSeconds * 1_000) return known;
      cache.delete(digest);
      throw tokenRefused('access token', 'expired');
    }
    const payload = await checked(() => jwtVerify(token, getKey, { ...checks, currentDate: now }));
    const identity = toIdentity(payload.payload);
    cache.set(digest, identity);
    return identity;
  };
  return { verify };
}

async function checked<T>(verification: () => Promise<T>): Promise<T> {
  try {
    return await verification();
  } catch (error) {
    const reason = refusalOf(error);
    throw reason === undefined ? error : tokenRefused('access token', reason);
  }
}

function keySource(options: TokenVerifierOptions): { getKey: JWTVerifyGetKey; algorithms: string[] } {
  const { secret, jwksUrl } = options;
  if (secret === undefined && jwksUrl === undefined) {
    throw new LoomError('CONFIG_INVALID', 'Verifying access tokens needs a secret (HS256) or the URL of a key set (JWKS).');
  }
  const hmacKey = secret === undefined ? undefined : createHmacKey(secret);
  const publicKey = jwksUrl === undefined ? undefined : createKeySet(jwksUrl, options.fetch);
  const algorithms = [...(hmacKey === undefined ? [] : ['HS256']), ...(publicKey === undefined ? [] : PUBLIC_KEY_ALGORITHMS)];
  const getKey: JWTVerifyGetKey = async (header, token) => {
    if (header.alg === 'HS256' && hmacKey !== undefined) return hmacKey();
    if (publicKey !== undefined) return publicKey(header, token);
    throw new errors.JOSEAlgNotAllowed('algorithm without a key');
  };
  return { getKey, algorithms };
}

function createKeySet(jwksUrl: string, fetchKeySet: TokenVerifierOptions['fetch']): JWTVerifyGetKey {
  const keySet = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: JWKS_TIMEOUT_MS,
    ...(fetchKeySet === undefined ? {} : { [customFetch]: (url, init) => fetchKeySet(url, init) }),
  });
  return async (header, token) => {
    try {
      return await keySet(header, token);
    } catch (error) {
      if (refusalOf(error) !== undefined) throw error;
      throw new StoreError('unavailable', 'identity-provider', 'The key set of the identity provider cannot be fetched.', { cause: error });
    }
  };
}

const names = z.union([z.array(z.string()), z.string().transform((text) => text.split(' ').filter((name) => name !== ''))]).default([]);
const claimsSchema = z.object({
  sub: z.string().min(1),
  iat: z.number(),
  exp: z.number(),
  jti: z.string().optional(),
  roles: names,
  scope: names,
  scp: names,
  company_id: z.string().optional(),
  sid: z.string().optional(),
  client_id: z.string().optional(),
  amr: z.array(z.string()).optional(),
});

function toIdentity(payload: unknown): Identity {
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) throw tokenRefused('access token', 'claims');
  const { sub, iat, exp, jti, roles, scope, scp, company_id: companyId, sid, client_id: clientId, amr } = claims.data;
  return freezeIdentity({
    userId: sub,
    roles,
    scopes: [...new Set([...scope, ...scp])],
    issuedAt: new Date(iat * 1_000),
    expiresAt: new Date(exp * 1_000),
    ...(companyId === undefined ? {} : { companyId }),
    ...(jti === undefined ? {} : { tokenId: jti }),
    ...(sid === undefined ? {} : { sessionId: sid }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(amr === undefined ? {} : { authMethods: amr }),
  });
}
