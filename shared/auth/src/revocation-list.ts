import type { Identity } from './identity.js';

/** What is revoked: one session, everything issued to a user before a time, one access token, or one API key. */
export type RevocationKind = 'session' | 'user' | 'token' | 'api-key';

export interface Revocation {
  readonly kind: RevocationKind;
  /** Session id (`sid`), user id (`sub`), token id (`jti`) or id of the API key. */
  readonly id: string;
  /** When it was decided. Of a user, only what was issued up to this second is revoked. */
  readonly at: Date;
  /** When the last token it concerns has expired; the entry is forgotten then. */
  readonly until: Date;
}

/** What of an identity revocations are about. */
export type RevocableIdentity = Pick<Identity, 'userId' | 'tokenId' | 'issuedAt'> & {
  readonly sessionId?: string | undefined;
  readonly apiKeyId?: string | undefined;
};

/**
 * Takes back what was issued before it expires. Whoever ends a session, changes a password or disables a user revokes; whoever takes
 * requests asks `isRevoked` for each.
 *
 * 1. `revoke` resolves when every process that shares the list will learn of it; this process knows it from then on. Where that fails it
 *    rejects with StoreError, and this process honours the entry all the same.
 * 2. `isRevoked` answers from memory, without waiting. What another process revoked is honoured within 5 seconds.
 * 3. An entry lasts until its `until`, then it takes no memory. Revoking again with another time keeps the later one of each.
 * 4. A user's entry revokes what was issued in the second of `at` or before it; what is issued later passes. Session, token and API key
 *    entries do not look at the time.
 * 5. `state().isCurrent` is false while what others revoked cannot be read, and entries may be missing because of it.
 */
export interface RevocationList {
  revoke(entry: Revocation): Promise<void>;
  isRevoked(identity: RevocableIdentity): boolean;
  state(): RevocationState;
}

export interface RevocationState {
  /** Whether everything that was revoked 5 seconds ago is known here. */
  readonly isCurrent: boolean;
  /** Since the shared place was read last; 0 where the list is this process's alone. */
  readonly ageMs: number;
  /** How many entries are known. */
  readonly entries: number;
}
