import type { LazyPage, PageRequest } from '@loomgraph/core';
import type { AuditNote } from './audit-trail.js';

export type AuditOutcome = AuditNote['outcome'];

/** What somebody did, or was kept from doing, and when; as `AuditEntry` of shared/auth has it. */
export interface AuditFact extends AuditNote {
  readonly occurredAt: Date;
}

/** A fact at its place in the log. */
export interface AuditRecord extends AuditFact {
  /** Its place, from 1, without gaps. */
  readonly sequence: number;
  readonly recordedAt: Date;
  /** SHA-256 over the hash of the record before and everything above, in hexadecimal. */
  readonly hash: string;
}

/** Every given condition must hold. */
export interface AuditFilter {
  readonly actorId?: string;
  readonly action?: string;
  readonly outcome?: AuditOutcome;
  readonly resourceType?: string;
  readonly resourceId?: string;
  /** Inclusive. */
  readonly since?: Date;
  /** Exclusive. */
  readonly until?: Date;
}

/** Appends within the transaction of what it tells of; both commit together. */
export interface AuditAppender {
  append(...facts: readonly AuditFact[]): Promise<void>;
}

export interface AuditReader {
  /** Newest first. */
  list(filter: AuditFilter, page: PageRequest): Promise<LazyPage<AuditRecord>>;
}

/** What is wrong with the log, from the record `from` to the record `to`. */
export interface AuditFinding {
  /**
   * - `edited`: a record's content does not fit its hash.
   * - `missing`: records are gone from between others.
   * - `broken-link`: a record does not follow the one before it: one of them was replaced, moved or inserted, with a hash of its own.
   * - `rewritten`: an anchor in the second store has another hash for that place: everything since the anchor before may be false.
   * - `truncated`: the log ends before what its head, or an anchor, has seen.
   * - `head`: the head names another hash than the last record has.
   * - `anchors`: anchors are gone from the second store.
   */
  readonly kind: 'edited' | 'missing' | 'broken-link' | 'rewritten' | 'truncated' | 'head' | 'anchors';
  readonly from: number;
  readonly to: number;
  /** One sentence for whoever looks into it. */
  readonly message: string;
}

export interface AuditVerification {
  readonly intact: boolean;
  /** Records looked at. */
  readonly checked: number;
  /** Anchors compared. */
  readonly anchors: number;
  /** The place of the last record; 0 for an empty log. */
  readonly last: number;
  /** Where to go on; null at the end. */
  readonly next: number | null;
  /** The first 100. */
  readonly findings: readonly AuditFinding[];
  /** How many there are. */
  readonly found: number;
  /** Of the newest anchor: what was recorded after it can be cut off without being missed here. 0 where there is none. */
  readonly anchoredTo: number;
}

export interface AuditVerifier {
  /** @param from the first record to look at, from 1; @param limit at most so many, all when left out */
  verify(range?: { readonly from?: number; readonly limit?: number }): Promise<AuditVerification>;
}
