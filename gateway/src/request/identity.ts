import { HeaderMap } from '@apollo/server';
import { readBearerToken, type Identity, type TokenVerifier } from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import { GraphQLError } from 'graphql';

/** RFC 6750 §3: says how to authenticate, and that this token did not do. */
const CHALLENGE = 'Bearer error="invalid_token"';

/**
 * Who asks, by the `Authorization` header: none is an anonymous caller, which the schema's own rules then judge.
 * @throws GraphQLError that ends the request: UNAUTHENTICATED (HTTP 401) for a header that is no bearer token or a token that is
 * not valid, STORE_UNAVAILABLE (HTTP 503) while the issuer's keys cannot be fetched
 */
export async function identify(authorization: string | undefined, verifier: TokenVerifier): Promise<Identity | null> {
  try {
    const token = readBearerToken(authorization);
    return token === undefined ? null : await verifier.verify(token);
  } catch (error) {
    throw error instanceof LoomError ? endRequest(error) : error;
  }
}

function endRequest(error: LoomError): GraphQLError {
  const headers = new HeaderMap();
  if (error.code === 'UNAUTHENTICATED') headers.set('www-authenticate', CHALLENGE);
  // Typed here because GraphiQL's package widens graphql's own type of extensions with a different `http`.
  const extensions: Record<string, unknown> = { code: error.code, details: error.details, http: { status: error.entry.status, headers } };
  return new GraphQLError(error.message, { originalError: error, extensions });
}
