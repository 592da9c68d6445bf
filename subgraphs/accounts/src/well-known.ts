import type { PublishedKeys } from './adapters/key-ring.js';

/** What others need to verify the access tokens that are issued here. */
export interface TokenKeys {
  readonly issuer: string;
  readonly audience: string;
  /** Empty where a secret (HS256) signs. */
  readonly algorithms: readonly string[];
  /**
   * The public keys whose tokens are accepted now; the same object as long as they are the same keys. Told of a key id that is not among them,
   * it asks the database again, at most once a second.
   */
  read(unknownKeyId?: string): Promise<PublishedKeys>;
}

/** By path: documents that anyone may read. */
export type PublicDocuments = Readonly<Record<string, () => Promise<object>>>;

/**
 * `/.well-known/jwks.json`, and OpenID Connect Discovery 1.0 as far as it applies: tokens are issued by GraphQL mutations, so there is no
 * authorization or token endpoint to name.
 * @param publicUrl where the documents are served, without a slash at its end
 */
export function wellKnownDocuments(keys: TokenKeys, publicUrl: string): PublicDocuments {
  const metadata = {
    issuer: keys.issuer,
    jwks_uri: `${publicUrl}/.well-known/jwks.json`,
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: keys.algorithms,
    claims_supported: ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'roles', 'scope', 'amr', 'client_id', 'company_id'],
  };
  return {
    '/.well-known/jwks.json': () => keys.read(),
    '/.well-known/openid-configuration': () => Promise.resolve(metadata),
  };
}
