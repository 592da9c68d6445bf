import { isIPv4, isIPv6 } from 'node:net';
import type { Identity } from './identity.js';

/** `allowed`: it was done; `denied`: a rule forbids it; `failed`: it was tried and did not succeed, as a wrong password. */
export const auditOutcomes = ['allowed', 'denied', 'failed'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/** Who did it, by ids alone. Nothing is known of an anonymous caller but the address. */
export interface AuditActor {
  readonly userId?: string;
  readonly sessionId?: string;
  readonly apiKeyId?: string;
  /** Truncated (`truncateAddress`): enough to see that requests came from one network, not from whom. */
  readonly address?: string;
}

/** What it was done to: a type (`User`, `Template`, `Field`) and, where there is one, its id. */
export interface AuditResource {
  readonly type: string;
  readonly id?: string;
}

/** Ids, codes, counts: never texts that people wrote, names or e-mail addresses. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null>>;

/** One thing that somebody did, or was kept from doing. */
export interface AuditEntry {
  readonly actor: AuditActor;
  /** What was done, as `<noun>.<verb>` in lower case: `session.create`, `role.assign`, `field.read`. */
  readonly action: string;
  readonly resource: AuditResource;
  readonly outcome: AuditOutcome;
  /** Why not, as a code of the error catalogue or of a refusal; absent where it was allowed. */
  readonly reason?: string;
  readonly occurredAt: Date;
  readonly requestId?: string;
  readonly details?: AuditDetails;
}

/** The actor of a request: what the identity says, and from where it came. */
export function auditActor(identity: Identity | null, clientAddress?: string): AuditActor {
  // `sessionId` and `apiKeyId` are in an identity where its token has them.
  const { userId, sessionId, apiKeyId } = (identity ?? {}) as { userId?: string; sessionId?: string; apiKeyId?: string };
  const address = clientAddress === undefined ? undefined : truncateAddress(clientAddress);
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(apiKeyId === undefined ? {} : { apiKeyId }),
    ...(address === undefined ? {} : { address }),
  };
}

/**
 * An address without what tells its holder apart: the first 24 bits of IPv4 (`203.0.113.0/24`), the first 48 of IPv6 (`2001:db8:1::/48`).
 * Undefined for a text that is no address.
 */
export function truncateAddress(address: string): string | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const v4 = mapped ?? address;
  if (isIPv4(v4)) return `${v4.split('.').slice(0, 3).join('.')}.0/24`;
  const groups = isIPv6(address) ? expand(address) : undefined;
  return groups && `${groups.slice(0, 3).join(':')}::/48`;
}

/** Of the columns that hold them. */
const LENGTHS = { id: 64, action: 64, type: 64, resourceId: 191, reason: 64, requestId: 128, detail: 200 } as const;
const MAX_DETAILS = 16;
const E_MAIL = /[^\s@<>()"']+@[^\s@<>()"']+/g;
export const BLOTTED = '[e-mail]';

/** An entry as it may be kept: see clause 4 of `AuditSink`. What is undefined or empty is left out. */
export function cleanEntry(entry: AuditEntry): AuditEntry {
  const { actor, resource, occurredAt, outcome } = entry;
  const requestId = clip(entry.requestId, LENGTHS.requestId);
  const reason = clip(entry.reason, LENGTHS.reason);
  const id = clip(resource.id, LENGTHS.resourceId);
  const details = cleanDetails(entry.details);
  return {
    actor: cleanActor(actor),
    action: clip(entry.action, LENGTHS.action) ?? 'unknown',
    resource: { type: clip(resource.type, LENGTHS.type) ?? 'unknown', ...(id === undefined ? {} : { id }) },
    outcome,
    ...(reason === undefined ? {} : { reason }),
    occurredAt,
    ...(requestId === undefined ? {} : { requestId }),
    ...(details === undefined ? {} : { details }),
  };
}

/** Whoever wrote it: an address is kept truncated or not at all. */
function cleanActor({ address, ...ids }: AuditActor): AuditActor {
  const network = address === undefined || /^[\da-f.:]+\/(24|48)$/.test(address) ? address : truncateAddress(address);
  return Object.fromEntries(
    Object.entries({ ...ids, address: network }).flatMap(([name, value]) => {
      const text = clip(value, LENGTHS.id);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

function cleanDetails(details: AuditDetails | undefined): AuditDetails | undefined {
  const entries = Object.entries(details ?? {}).slice(0, MAX_DETAILS);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (typeof value === 'string') return [clip(name, LENGTHS.id), clip(value, LENGTHS.detail) ?? ''];
      return [clip(name, LENGTHS.id), typeof value === 'number' && !Number.isFinite(value) ? String(value) : value];
    }),
  );
}

/** Well-formed text that every store keeps as it is; undefined for an empty one. */
function clip(text: string | undefined, length: number): string | undefined {
  if (text === undefined || text === '') return undefined;
  // Looking for addresses in megabytes of text would be work for whoever sends them.
  const clean = text
    .slice(0, 4 * length)
    .toWellFormed()
    .replaceAll('\0', '')
    .replaceAll(E_MAIL, BLOTTED);
  return clean.slice(0, length).toWellFormed();
}

/** The eight groups of an IPv6 address, without leading zeros. */
function expand(address: string): readonly string[] {
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16).toString(16));
}

/** A dotted tail takes two groups. */
const groupsOf = (text: string): string[] =>
  text === '' ? [] : text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
