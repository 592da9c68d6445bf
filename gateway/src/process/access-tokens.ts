import { createTokenVerifier, discoveredKeys, type SecretLike, type TokenVerifier, type TrustedIssuer } from '@loomgraph/auth';
import type { GatewayConfig } from '../config.js';

/**
 * The verifier of a process: tokens of its secret and key set, of the OpenID providers it is configured to trust, and of issuers that run in
 * it. Undefined where there is none of these, so that callers are not told apart.
 */
export function configuredVerifier(options: {
  readonly auth: GatewayConfig['auth'];
  /** In place of the configured one. */
  readonly secret: SecretLike | undefined;
  readonly local?: readonly TrustedIssuer[];
}): TokenVerifier | undefined {
  const { auth, secret, local = [] } = options;
  const issuers = [...local, ...auth.oidcIssuers.map((one) => toTrustedIssuer(one, auth.oidcAudience))];
  if (secret === undefined && auth.jwksUrl === undefined && issuers.length === 0) return undefined;
  return createTokenVerifier({
    ...(secret === undefined ? {} : { secret }),
    ...(auth.jwksUrl === undefined ? {} : { jwksUrl: auth.jwksUrl }),
    issuers,
  });
}

/** Users of two issuers must never be taken for each other, and who runs one must not hand out our roles unless we say where it has them. */
function toTrustedIssuer(
  { name, issuer, audience, roles, algorithms }: GatewayConfig['auth']['oidcIssuers'][number],
  defaultAudience: string,
): TrustedIssuer {
  return {
    issuer,
    audience: audience ?? defaultAudience,
    keys: discoveredKeys(issuer, { algorithms }),
    rolesClaim: roles ?? null,
    subjectPrefix: `${name}:`,
  };
}
