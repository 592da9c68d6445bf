import { readBearerToken, type Identity, type TokenVerifier } from '@loomgraph/auth';
import type { LoomError } from '@loomgraph/core';

/** RFC 6750 §3: says how to authenticate, and that this token did not do. */
const CHALLENGE = 'Bearer error="invalid_token"';

/**
 * Who asks, by the `Authorization` header: none is an anonymous caller, which the schema's own rules then judge.
 * @throws LoomError that ends the request: UNAUTHENTICATED for a header that is no bearer token or a token that is not valid,
 * STORE_UNAVAILABLE while the issuer's keys cannot be fetched
 */
export async function identify(authorization: string | undefined, verifier: TokenVerifier): Promise<Identity | null> {
  const token = readBearerToken(authorization);
  return token === undefined ? null : verifier.verify(token);
}

/** Headers of an answer to a caller who could not be identified. */
export function challengeOf(error: LoomError): Readonly<Record<string, string>> {
  return error.code === 'UNAUTHENTICATED' ? { 'www-authenticate': CHALLENGE } : {};
}
