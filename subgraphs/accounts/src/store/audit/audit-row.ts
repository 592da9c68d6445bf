import { createHash } from 'node:crypto';
import type { AuditFact, AuditOutcome, AuditRecord } from '../../domain/audit.js';
import { canonicalJson } from './canonical-json.js';

/** A record as its columns have it; drivers answer big integers as numbers or as texts. */
export interface AuditRow {
  readonly seq: number | string;
  readonly recorded_at: number | string;
  readonly occurred_at: number | string;
  readonly actor_user: string | null;
  readonly actor_session: string | null;
  readonly actor_api_key: string | null;
  readonly address: string | null;
  readonly action: string;
  readonly resource_type: string;
  readonly resource_id: string | null;
  readonly outcome: string;
  readonly reason: string | null;
  readonly request_id: string | null;
  /** Canonical JSON. */
  readonly details: string | null;
  readonly previous: string;
  readonly hash: string;
}

export const AUDIT_COLUMNS = [
  'seq',
  'recorded_at',
  'occurred_at',
  'actor_user',
  'actor_session',
  'actor_api_key',
  'address',
  'action',
  'resource_type',
  'resource_id',
  'outcome',
  'reason',
  'request_id',
  'details',
  'previous',
  'hash',
] as const;

/** What the first record follows. */
export const GENESIS = '0'.repeat(64);

/** The hash of a record: SHA-256 over the canonical JSON of all its columns, `previous` included, but `hash`. */
export function hashRow(row: Omit<AuditRow, 'hash'>): string {
  const { previous, seq, recorded_at, occurred_at, ...texts } = row;
  const content = {
    ...texts,
    seq: Number(seq),
    recorded_at: Number(recorded_at),
    occurred_at: Number(occurred_at),
    previous,
    hash: undefined,
  };
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

/** The row of a fact behind `previous`. */
export function toRow(fact: AuditFact, place: { readonly seq: number; readonly previous: string; readonly recordedAt: number }): AuditRow {
  const { actor, resource } = fact;
  const row = {
    seq: place.seq,
    recorded_at: place.recordedAt,
    occurred_at: fact.occurredAt.getTime(),
    actor_user: actor.userId ?? null,
    actor_session: actor.sessionId ?? null,
    actor_api_key: actor.apiKeyId ?? null,
    address: actor.address ?? null,
    action: fact.action,
    resource_type: resource.type,
    resource_id: resource.id ?? null,
    outcome: fact.outcome,
    reason: fact.reason ?? null,
    request_id: fact.requestId ?? null,
    details: fact.details === undefined ? null : canonicalJson(fact.details),
    previous: place.previous,
  };
  return { ...row, hash: hashRow(row) };
}

export function toRecord(row: AuditRow): AuditRecord {
  return {
    sequence: Number(row.seq),
    recordedAt: new Date(Number(row.recorded_at)),
    occurredAt: new Date(Number(row.occurred_at)),
    actor: {
      ...(row.actor_user === null ? {} : { userId: row.actor_user }),
      ...(row.actor_session === null ? {} : { sessionId: row.actor_session }),
      ...(row.actor_api_key === null ? {} : { apiKeyId: row.actor_api_key }),
      ...(row.address === null ? {} : { address: row.address }),
    },
    action: row.action,
    resource: { type: row.resource_type, ...(row.resource_id === null ? {} : { id: row.resource_id }) },
    outcome: row.outcome as AuditOutcome, // one of them was written
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.request_id === null ? {} : { requestId: row.request_id }),
    ...(row.details === null ? {} : { details: readDetails(row.details) }),
    hash: row.hash,
  };
}

/** A record that was tampered with is still shown. */
function readDetails(text: string): NonNullable<AuditRecord['details']> {
  try {
    return JSON.parse(text) as NonNullable<AuditRecord['details']>; // written by toRow
  } catch {
    return { unreadable: true };
  }
}
