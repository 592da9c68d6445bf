import { tokenRefused } from './token-refused.js';

/**
 * The token of an `Authorization: Bearer` header (RFC 6750 §2.1); undefined when there is no header.
 * @throws LoomError UNAUTHENTICATED when the header is there and is no bearer token
 */
export function readBearerToken(header: string | undefined): string | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const match = /^Bearer +([\w~+/.=-]+)$/i.exec(header.trim());
  if (match === null) throw tokenRefused('access token', 'malformed');
  return match[1];
}
