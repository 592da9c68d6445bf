import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { AccessTokenIssuer } from '../domain/ports.js';
import type { KeyRing } from './key-ring.js';

export interface IssuerSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly ttlMs: number;
}

/**
 * Access tokens as RFC 9068 has them: `typ` at+jwt; `iss`, `aud`, `sub` (user), `sid` (session), `jti`, `iat`, `exp`, `roles`, `scope`,
 * `amr`, and where there is one `client_id` and `company_id`.
 */
export function createAccessTokenIssuer(
  signer: { readonly kind: 'keys'; readonly keys: KeyRing } | { readonly kind: 'secret'; readonly secret: string },
  settings: IssuerSettings,
): AccessTokenIssuer {
  return {
    async issue({ userId, sessionId, clientId, authMethods, claims, now }) {
      const issuedAt = Math.floor(now.getTime() / 1_000);
      const expiresAt = issuedAt + Math.max(1, Math.floor(settings.ttlMs / 1_000));
      const jwt = new SignJWT({
        sid: sessionId,
        roles: [...claims.roles],
        scope: claims.scopes.join(' '),
        amr: [...authMethods],
        ...(clientId === null ? {} : { client_id: clientId }),
        ...(claims.companyId === undefined ? {} : { company_id: claims.companyId }),
      })
        .setIssuer(settings.issuer)
        .setAudience(settings.audience)
        .setSubject(userId)
        .setJti(randomUUID())
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt);
      const expires = new Date(expiresAt * 1_000);
      if (signer.kind === 'secret') {
        jwt.setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' });
        return { token: await jwt.sign(new TextEncoder().encode(signer.secret)), expiresAt: expires };
      }
      const { kid, algorithm, privateKey } = await signer.keys.current();
      return { token: await jwt.setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid }).sign(privateKey), expiresAt: expires };
    },
  };
}
