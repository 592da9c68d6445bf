/** Who is calling, as a verified access token says. Frozen. */
export interface Identity {
  readonly userId: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  /** The company the caller acts for, where there is one. */
  readonly companyId?: string;
  /** Id of the access token (`jti`), for revocation and audit. */
  readonly tokenId?: string;
  /** The session the token belongs to (`sid`): it ends with it. */
  readonly sessionId?: string;
  /** The application the token was issued to (`client_id`). */
  readonly clientId?: string;
  /** How the caller proved who they are (`amr`, RFC 8176): `pwd`, `otp`. */
  readonly authMethods?: readonly string[];
  /** The API key the caller came with, in place of an access token. */
  readonly apiKeyId?: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Freezes an identity, which is shared between requests by the cache of the verifier. */
export function freezeIdentity(identity: Identity): Identity {
  const { roles, scopes, authMethods } = identity;
  return Object.freeze({
    ...identity,
    roles: Object.freeze([...roles]),
    scopes: Object.freeze([...scopes]),
    ...(authMethods === undefined ? {} : { authMethods: Object.freeze([...authMethods]) }),
  });
}
