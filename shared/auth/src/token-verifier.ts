import { hash } from 'node:crypto';
import { LoomError, systemClock, type Clock } from '@loomgraph/core';
import { decodeJwt, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import type { SecretLike } from './hmac-key.js';
import type { Identity } from './identity.js';
import { publishedKeys, secretKeys, type FetchLike, type IssuerKeys } from './issuer-keys.js';
import { identityOfClaims } from './token-claims.js';
import { refusalOf, tokenRefused } from './token-refused.js';
import type { TrustedIssuer } from './trusted-issuer.js';

const MAX_TOKEN_CHARACTERS = 16_384;
const DEFAULT_CACHE_ENTRIES = 10_000;
/** RFC 9068 §2.1, and what issuers write that do not follow it. A token of another type was made for something else (RFC 8725 §3.11). */
const TOKEN_TYPES: ReadonlySet<string> = new Set(['at+jwt', 'application/at+jwt', 'jwt', 'application/jwt']);

export interface TokenVerifierOptions {
  /** Accepts HS256 tokens of this secret, at least 32 bytes. */
  readonly secret?: SecretLike;
  /** Accepts tokens of the keys published here (RS, PS, ES, EdDSA); fetched on first use, again when an unknown key appears. */
  readonly jwksUrl?: string;
  /** What `iss` must be of tokens of `secret` and `jwksUrl`; anything but an issuer of `issuers` when left out. */
  readonly issuer?: string;
  readonly audience?: string;
  /** Accepts their tokens, too: what a token says in `iss` picks the one whose keys and rules count for it, and no other's do. */
  readonly issuers?: readonly TrustedIssuer[];
  readonly clockToleranceSeconds?: number;
  /** How many verified tokens are remembered. */
  readonly cacheEntries?: number;
  readonly clock?: Clock;
  /** Fetches the key set. */
  readonly fetch?: FetchLike;
}

/**
 * Verifies access tokens (JWT, RFC 9068).
 *
 * 1. Needs `sub`, `iat` and `exp`; checks signature, expiry, `nbf`, and issuer and audience where configured. Keys and algorithms belong to an
 *    issuer: a key of one never verifies a token that names another, and a published key never serves as a secret.
 * 2. Roles come from `roles` or where the issuer has them, scopes from `scope` (or `scp`), each a list or a text with blanks between; company
 *    from `company_id`, session from `sid`, application from `client_id`, methods from `amr`.
 * 3. A verified token is remembered by its SHA-256 until it expires; the token itself is not kept.
 * 4. Refusals say which rule failed, in `details.reason` (`TokenRefusal`), and nothing of the token.
 */
export interface TokenVerifier {
  /** @throws LoomError UNAUTHENTICATED; StoreError `unavailable` when the key set cannot be fetched */
  verify(token: string): Promise<Identity>;
}

/** @throws LoomError CONFIG_INVALID when no issuer is given, one twice, or a secret is too short */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { clockToleranceSeconds = 5, cacheEntries = DEFAULT_CACHE_ENTRIES, clock = systemClock } = options;
  const byIssuer = new Map((options.issuers ?? []).map((issuer) => [issuer.issuer, issuer]));
  const own = ownIssuer(options);
  if (own === undefined && byIssuer.size === 0) {
    throw new LoomError('CONFIG_INVALID', 'Verifying access tokens needs a secret (HS256) or the URL of a key set (JWKS).');
  }
  if (byIssuer.size < (options.issuers?.length ?? 0))
    throw new LoomError('CONFIG_INVALID', 'An issuer of access tokens is configured twice.');
  const cache = new LRUCache<string, Identity>({ max: cacheEntries });

  const verifyNew = async (token: string, currentDate: Date): Promise<Identity> => {
    const issuer = byIssuer.get(issuerOf(token) ?? '') ?? own;
    if (issuer === undefined) throw tokenRefused('access token', 'wrong-issuer');
    const { audience, keys } = issuer;
    const checks = {
      algorithms: [...keys.algorithms],
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['sub', 'iat', 'exp'],
      currentDate,
      ...(issuer.issuer === undefined ? {} : { issuer: issuer.issuer }),
      ...(audience === undefined ? {} : { audience: typeof audience === 'string' ? audience : [...audience] }),
    };
    const { payload, protectedHeader } = await checked(() => jwtVerify(token, keys.getKey, checks));
    const { typ } = protectedHeader;
    if (typ !== undefined && !TOKEN_TYPES.has(typ.toLowerCase())) throw tokenRefused('access token', 'claims');
    return identityOfClaims(payload, issuer);
  };

  return {
    async verify(token) {
      if (token === '') throw tokenRefused('access token', 'missing');
      if (token.length > MAX_TOKEN_CHARACTERS) throw tokenRefused('access token', 'malformed');
      const digest = hash('sha256', token, 'base64');
      const now = clock.now();
      const known = cache.get(digest);
      if (known !== undefined) {
        if (now.getTime() < known.expiresAt.getTime() + clockToleranceSeconds * 1_000) return known;
        cache.delete(digest);
        throw tokenRefused('access token', 'expired');
      }
      const identity = await verifyNew(token, now);
      cache.set(digest, identity);
      return identity;
    },
  };
}

/** Whose tokens name none of the configured issuers. */
type OwnIssuer = Omit<TrustedIssuer, 'issuer'> & { readonly issuer: string | undefined };

function ownIssuer({ secret, jwksUrl, issuer, audience, fetch }: TokenVerifierOptions): OwnIssuer | undefined {
  const symmetric = secret === undefined ? undefined : secretKeys(secret);
  const published = jwksUrl === undefined ? undefined : publishedKeys(jwksUrl, { fetch });
  if (symmetric === undefined && published === undefined) return undefined;
  const getKey: JWTVerifyGetKey = async (header, token) => {
    const keys: IssuerKeys | undefined = header.alg === 'HS256' ? symmetric : published;
    if (keys === undefined) throw new errors.JOSEAlgNotAllowed('algorithm without a key');
    return keys.getKey(header, token);
  };
  return { issuer, audience, keys: { algorithms: [...(symmetric?.algorithms ?? []), ...(published?.algorithms ?? [])], getKey } };
}

/** What a token says, before anybody believes it: only which keys may verify it. */
function issuerOf(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    throw tokenRefused('access token', 'malformed');
  }
}

async function checked<T>(verification: () => Promise<T>): Promise<T> {
  try {
    return await verification();
  } catch (error) {
    const reason = refusalOf(error);
    throw reason === undefined ? error : tokenRefused('access token', reason);
  }
}
