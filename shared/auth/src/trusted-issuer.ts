import type { IssuerKeys } from './issuer-keys.js';

/** An issuer whose tokens are accepted, apart from the others: its keys, its algorithms, its audience, its names for things. */
export interface TrustedIssuer {
  /** As its tokens say in `iss`, to the letter. */
  readonly issuer: string;
  /** One of these must be in `aud`. Without it any token of the issuer is accepted, also one that was made for somebody else. */
  readonly audience?: string | readonly string[] | undefined;
  readonly keys: IssuerKeys;
  /** Where in the payload its roles are: `roles`, `realm_access.roles`. Null: its tokens give none. `roles` when left out. */
  readonly rolesClaim?: string | null | undefined;
  /** Put before `sub`, so that the users of two issuers are never taken for each other. Empty when left out: for our own. */
  readonly subjectPrefix?: string | undefined;
}
