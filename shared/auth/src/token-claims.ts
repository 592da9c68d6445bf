import { createHash } from 'node:crypto';
import { z } from 'zod';
import { freezeIdentity, type Identity } from './identity.js';
import { tokenRefused } from './token-refused.js';

const names = z.union([z.array(z.string()), z.string().transform((text) => text.split(' ').filter((name) => name !== ''))]).default([]);
const claimsSchema = z.object({
  sub: z.string().min(1),
  iat: z.number(),
  exp: z.number(),
  jti: z.string().optional(),
  sid: z.string().optional(),
  client_id: z.string().optional(),
  amr: z.array(z.string()).optional(),
  scope: names,
  scp: names,
  company_id: z.string().optional(),
});

export interface ClaimMapping {
  /** See `TrustedIssuer`. */
  readonly rolesClaim?: string | null | undefined;
  readonly subjectPrefix?: string | undefined;
}

/** The identity that a verified payload stands for. @throws LoomError UNAUTHENTICATED where a claim is missing or has another form */
export function identityOfClaims(payload: unknown, { rolesClaim = 'roles', subjectPrefix = '' }: ClaimMapping = {}): Identity {
  const claims = claimsSchema.safeParse(payload);
  const roles = names.safeParse(rolesClaim === null ? undefined : claimAt(payload, rolesClaim));
  if (!claims.success || !roles.success) throw tokenRefused('access token', 'claims');
  const { sub, iat, exp, jti, sid, client_id: clientId, amr, scope, scp, company_id: companyId } = claims.data;
  return freezeIdentity({
    userId: userIdOf(subjectPrefix, sub),
    roles: roles.data,
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

/** What the records of all subgraphs have room for. */
const MAX_USER_ID_CHARACTERS = 64;
const KEPT_OF_PREFIX = 20;

/** An issuer may name its users by up to 255 characters (OpenID Connect Core §2); longer names than records hold are known by their hash. */
function userIdOf(prefix: string, sub: string): string {
  const name = prefix + sub;
  if (name.length <= MAX_USER_ID_CHARACTERS) return name;
  return prefix.slice(0, KEPT_OF_PREFIX) + createHash('sha256').update(name).digest('base64url');
}

/** A claim by its path. A claim whose own name holds the dots (`https://acme.example/roles`) comes first. */
function claimAt(payload: unknown, path: string): unknown {
  const whole = member(payload, path);
  return whole === undefined ? path.split('.').reduce(member, payload) : whole;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
