import {
  API_KEY_PREFIX,
  isApiKey,
  readBearerToken,
  tokenRefused,
  type ApiKeyResolver,
  type Identity,
  type RevocationList,
  type TokenVerifier,
} from '@loomgraph/auth';
import { StoreError, type LoomError } from '@loomgraph/core';
import type { IncomingHttpHeaders } from 'node:http';

/** RFC 6750 §3: says how to authenticate, and that this token did not do. */
const CHALLENGE = 'Bearer error="invalid_token"';

/** What happens to callers with a token while it cannot be told what was revoked: they are refused, or believed. */
export const staleRevocationSettings = ['refuse', 'accept'] as const;
export type StaleRevocationSetting = (typeof staleRevocationSettings)[number];

export interface IdentityStageDeps {
  /** Undefined: access tokens are not looked at. */
  readonly tokenVerifier: TokenVerifier | undefined;
  /** Undefined: API keys are not looked at. */
  readonly apiKeys?: ApiKeyResolver | undefined;
  /** Undefined: nothing is taken back before it expires. */
  readonly revocations?: RevocationList | undefined;
  /** `refuse` when left out. */
  readonly staleRevocations?: StaleRevocationSetting | undefined;
}

/**
 * Who asks, by the head of a request: `Authorization: Bearer` with an access token or an API key, or `x-api-key`. Neither is an anonymous
 * caller, null at once, which the schema's own rules then judge.
 *
 * Rejects with the LoomError that ends the request: UNAUTHENTICATED for credentials that are not valid, revoked, or more than one;
 * STORE_UNAVAILABLE while the issuer's keys, the API keys or the revocations cannot be read.
 */
export type Identify = (headers: IncomingHttpHeaders) => Promise<Identity | null> | null;

export function createIdentify(deps: IdentityStageDeps): Identify {
  const { tokenVerifier, apiKeys, revocations, staleRevocations = 'refuse' } = deps;

  const ofToken = (authorization: string | undefined): Promise<Identity> | null => {
    const token = readBearerToken(authorization);
    if (token === undefined) return null;
    if (apiKeys !== undefined && token.startsWith(API_KEY_PREFIX)) return ofKey(token, apiKeys);
    return tokenVerifier === undefined ? null : tokenVerifier.verify(token);
  };

  const identify = async (authorization: string | undefined, key: string | undefined): Promise<Identity | null> => {
    // Two may be two callers: whichever counted, somebody could be made to act for the other.
    if (authorization !== undefined && key !== undefined) throw tokenRefused('access token', 'ambiguous');
    const identity = key !== undefined && apiKeys !== undefined ? await ofKey(key, apiKeys) : await ofToken(authorization);
    if (identity !== null && revocations !== undefined) assertNotRevoked(identity, revocations, staleRevocations);
    return identity;
  };

  return (headers) => {
    const key = apiKeys === undefined ? undefined : headers['x-api-key']?.toString();
    const { authorization } = headers;
    if (authorization === undefined && key === undefined) return null;
    return tokenVerifier === undefined && apiKeys === undefined ? null : identify(authorization, key);
  };
}

async function ofKey(key: string, resolver: ApiKeyResolver): Promise<Identity> {
  const identity = isApiKey(key) ? await resolver.resolve(key) : null;
  if (identity === null) throw tokenRefused('API key', 'unknown');
  return identity;
}

function assertNotRevoked(identity: Identity, revocations: RevocationList, whenStale: StaleRevocationSetting): void {
  if (revocations.isRevoked(identity)) throw tokenRefused(identity.apiKeyId === undefined ? 'access token' : 'API key', 'revoked');
  if (whenStale === 'accept' || revocations.state().isCurrent) return;
  throw new StoreError('unavailable', 'revocations', 'It cannot be told now which access was taken back; retry later.');
}

/** Headers of an answer to a caller who could not be identified. */
export function challengeOf(error: LoomError): Readonly<Record<string, string>> {
  return error.code === 'UNAUTHENTICATED' ? { 'www-authenticate': CHALLENGE } : {};
}
