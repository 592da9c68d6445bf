import { systemClock, type Clock } from '@loomgraph/core';
import { SignJWT } from 'jose';
import { createHmacKey, type SecretLike } from './hmac-key.js';

export interface DevelopmentToken {
  readonly secret: SecretLike;
  readonly userId: string;
  readonly roles?: readonly string[];
  readonly scopes?: readonly string[];
  readonly companyId?: string;
  readonly tokenId?: string;
  readonly sessionId?: string;
  /** One hour when left out. */
  readonly ttlSeconds?: number;
  readonly issuer?: string;
  readonly audience?: string;
  readonly clock?: Clock;
}

/** An HS256 access token for development and tests, where no identity provider runs. */
export async function signDevelopmentToken(token: DevelopmentToken): Promise<string> {
  const {
    userId,
    roles = [],
    scopes = [],
    companyId,
    tokenId,
    sessionId,
    ttlSeconds = 3_600,
    issuer,
    audience,
    clock = systemClock,
  } = token;
  const issuedAt = Math.floor(clock.now().getTime() / 1_000);
  const jwt = new SignJWT({ roles: [...roles], scope: scopes.join(' '), ...claimsOf({ companyId, sessionId }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setSubject(userId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlSeconds);
  if (tokenId !== undefined) jwt.setJti(tokenId);
  if (issuer !== undefined) jwt.setIssuer(issuer);
  if (audience !== undefined) jwt.setAudience(audience);
  return jwt.sign(await createHmacKey(token.secret)());
}

const claimsOf = ({ companyId, sessionId }: { companyId: string | undefined; sessionId: string | undefined }) => ({
  ...(companyId === undefined ? {} : { company_id: companyId }),
  ...(sessionId === undefined ? {} : { sid: sessionId }),
});
