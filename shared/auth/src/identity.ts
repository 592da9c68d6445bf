/** Who is calling, as a verified access token says. Frozen. */
export interface Identity {
  readonly userId: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  /** The company the caller acts for, where there is one. */
  readonly companyId?: string;
  /** Id of the access token (`jti`), for revocation and audit. */
  readonly tokenId?: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Freezes an identity, which is shared between requests by the cache of the verifier. */
export function freezeIdentity(identity: Identity): Identity {
  return Object.freeze({ ...identity, roles: Object.freeze([...identity.roles]), scopes: Object.freeze([...identity.scopes]) });
}
