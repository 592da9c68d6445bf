import { hash, randomUUID } from 'node:crypto';
import { systemClock, type Clock } from '@loomgraph/core';
import { jwtVerify } from 'jose';
import { z } from 'zod';
import { createHmacKey, hmacKeyBytes, type SecretLike } from './hmac-key.js';
import { createHmacSha256 } from './hmac-sha256.js';
import { freezeIdentity, type Identity } from './identity.js';
import { createNonceMemory, type NonceMemory } from './nonce-memory.js';
import { refusalOf, tokenRefused } from './token-refused.js';

/** The header in which the gateway tells a remote subgraph who is calling. */
export const IDENTITY_HEADER = 'x-loom-identity';

const ISSUER = 'loomgraph-gateway';
/** Sets it apart from an access token, should both be signed with one secret (RFC 8725 §3.11). */
const TYPE = 'loom-identity+jwt';
const PROTECTED_HEADER = Buffer.from(JSON.stringify({ alg: 'HS256', typ: TYPE })).toString('base64url');
/** So many bytes are written as whole characters of base64. */
const BASE64_BYTES = 3;
const LIFETIME_SECONDS = 60;
const CLOCK_TOLERANCE_SECONDS = 5;
/** How long a header can be valid, by clocks that differ as much as is tolerated in both directions. */
const VALID_MS = (LIFETIME_SECONDS + 2 * CLOCK_TOLERANCE_SECONDS) * 1_000;

/** SHA-256 of a request body, as the header carries it. */
export function hashBody(body: string | Uint8Array): string {
  return hash('sha256', body, 'base64url');
}

/**
 * Signs who is calling, for one subgraph and one request.
 *
 * 1. A compact JWS (HS256) that lasts 60 seconds and names the subgraph as its audience.
 * 2. With `bodyHash` it goes with that body only; sign it for every request that has one.
 * 3. An anonymous caller is signed too (`null`): a subgraph never has to trust a missing header.
 * 4. Each header is another one (`jti`), good for one request: a request that is sent again is signed anew.
 */
export interface IdentitySigner {
  sign(identity: Identity | null, request: { audience: string; bodyHash?: string; clientAddress?: string | undefined }): string;
}

/** @throws LoomError CONFIG_INVALID when the secret is shorter than 32 bytes */
export function createIdentitySigner(options: { secret: SecretLike; clock?: Clock }): IdentitySigner {
  const { clock = systemClock } = options;
  const mac = createHmacSha256(hmacKeyBytes(options.secret));
  // No two signers number alike, and what is signed need not be unforeseeable: random bytes for each header take as long as its digest.
  const series = randomUUID();
  let signatures = 0;
  return {
    sign(identity, { audience, bodyHash, clientAddress }) {
      const issuedAt = Math.floor(clock.now().getTime() / 1_000);
      let request = `"aud":${JSON.stringify(audience)},"iat":${issuedAt},"exp":${issuedAt + LIFETIME_SECONDS},"jti":"${series}.${++signatures}"`;
      if (bodyHash !== undefined) request += `,"bodyHash":${JSON.stringify(bodyHash)}`;
      if (clientAddress !== undefined) request += `,"clientAddress":${JSON.stringify(clientAddress)}`;
      const signed = `${beginningFor(identity)}${Buffer.from(`${request}}`).toString('base64url')}`;
      return `${signed}.${mac(signed)}`;
    },
  };
}

/** One header, for callers that keep no signer. */
export function signIdentity(
  identity: Identity | null,
  options: { secret: SecretLike; audience: string; bodyHash?: string; clock?: Clock },
): string {
  return createIdentitySigner(options).sign(identity, options);
}

/** What the gateway signed of a request. */
export interface SignedRequest {
  /** `null` for an anonymous caller. */
  readonly identity: Identity | null;
  /** Where the request came from; undefined where the gateway does not know. */
  readonly clientAddress?: string;
}

export interface IdentityVerifier {
  /**
   * The caller that the gateway signed, `null` for an anonymous one. Give the hash of the body that came with the header;
   * a header signed for a body is refused without it, and one signed for none is refused with it. A header is taken once.
   * @throws LoomError UNAUTHENTICATED when the header is missing, malformed, expired, tampered with, for another subgraph or body, or was
   * taken before; StoreError while that cannot be told
   */
  verify(header: string | undefined, request?: { bodyHash?: string }): Promise<Identity | null>;
  /** As `verify`, with all that was signed. */
  verifyRequest(header: string | undefined, request?: { bodyHash?: string }): Promise<SignedRequest>;
}

/** The subgraph's side; `audience` is its own name. @param options.nonces where headers are kept that were taken; in this process by default */
export function createIdentityVerifier(options: {
  secret: SecretLike;
  audience: string;
  nonces?: NonceMemory;
  clock?: Clock;
}): IdentityVerifier {
  const { audience, clock = systemClock } = options;
  const nonces = options.nonces ?? createNonceMemory({ windowMs: VALID_MS, clock });
  const key = createHmacKey(options.secret);
  const checks = {
    algorithms: ['HS256'],
    typ: TYPE,
    issuer: ISSUER,
    audience,
    requiredClaims: ['exp', 'iat', 'jti'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  };
  const verifier: IdentityVerifier = {
    verify: async (header, request) => (await verifier.verifyRequest(header, request)).identity,
    async verifyRequest(header, request = {}) {
      if (header === undefined || header === '') throw tokenRefused('identity header', 'missing');
      const payload = await verifyPayload(
        async () => (await jwtVerify(header, await key(), { ...checks, currentDate: clock.now() })).payload,
      );
      if (payload.bodyHash !== request.bodyHash) throw tokenRefused('identity header', 'other-body');
      const { identity, clientAddress, jti, iat } = payload;
      // Last: what is refused anyway must not use up a header.
      if (!(await nonces.claim(`${audience}:${jti}`, new Date(iat * 1_000 + VALID_MS)))) throw tokenRefused('identity header', 'replayed');
      return { identity: identity === null ? null : fromClaim(identity), ...(clientAddress === undefined ? {} : { clientAddress }) };
    },
  };
  return verifier;
}

const claimSchema = z.object({
  userId: z.string().min(1),
  roles: z.array(z.string()),
  scopes: z.array(z.string()),
  companyId: z.string().optional(),
  tokenId: z.string().optional(),
  sessionId: z.string().optional(),
  clientId: z.string().optional(),
  authMethods: z.array(z.string()).optional(),
  apiKeyId: z.string().optional(),
  issuedAt: z.number(),
  expiresAt: z.number(),
});
const payloadSchema = z.object({
  identity: claimSchema.nullable(),
  bodyHash: z.string().optional(),
  clientAddress: z.string().optional(),
  jti: z.string().min(1),
  iat: z.number(),
});
type IdentityClaim = z.infer<typeof claimSchema>;

async function verifyPayload(verification: () => Promise<unknown>): Promise<z.infer<typeof payloadSchema>> {
  try {
    const payload = payloadSchema.safeParse(await verification());
    if (payload.success) return payload.data;
  } catch (error) {
    const reason = refusalOf(error);
    throw reason === undefined ? error : tokenRefused('identity header', reason);
  }
  throw tokenRefused('identity header', 'claims');
}

/** Identities are shared between requests by the token verifier, and each of their fetches is signed. */
const beginnings = new WeakMap<Identity, string>();
const ANONYMOUS = beginningOf(null);

function beginningFor(identity: Identity | null): string {
  if (identity === null) return ANONYMOUS;
  let text = beginnings.get(identity);
  if (text === undefined) beginnings.set(identity, (text = beginningOf(identity)));
  return text;
}

/** What is the same in all headers of a caller, encoded: filled up with blanks, which JSON allows, so that what follows can be encoded by itself. */
function beginningOf(identity: Identity | null): string {
  const text = `{"iss":"${ISSUER}","identity":${JSON.stringify(identity === null ? null : toClaim(identity))},`;
  const odd = Buffer.byteLength(text) % BASE64_BYTES;
  const filled = odd === 0 ? text : text + ' '.repeat(BASE64_BYTES - odd);
  return `${PROTECTED_HEADER}.${Buffer.from(filled).toString('base64url')}`;
}

function toClaim(identity: Identity): IdentityClaim {
  const { roles, scopes, authMethods, issuedAt, expiresAt, ...rest } = identity;
  return {
    ...rest,
    roles: [...roles],
    scopes: [...scopes],
    ...(authMethods === undefined ? {} : { authMethods: [...authMethods] }),
    issuedAt: issuedAt.getTime(),
    expiresAt: expiresAt.getTime(),
  };
}

function fromClaim({ issuedAt, expiresAt, roles, scopes, ...optional }: IdentityClaim): Identity {
  // What the header leaves out is absent, never a property that holds undefined.
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Pick<Identity, 'userId'>;
  return freezeIdentity({ ...given, roles, scopes, issuedAt: new Date(issuedAt), expiresAt: new Date(expiresAt) });
}
