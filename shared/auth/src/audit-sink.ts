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

/**
 * Where subgraphs and the gateway send what belongs into the audit log, which the accounts subgraph keeps.
 *
 * 1. `record` returns at once and never throws: no request waits for the audit log, or fails with it.
 * 2. What is recorded arrives at least once while the bus answers within the sink's memory; each entry is counted once.
 * 3. The memory is bounded. What does not fit is dropped, oldest kept, counted in `loom_audit_dropped_total{reason}`, and said in the log itself by
 *    an entry `audit.drop` with the number, once there is room.
 * 4. An entry that breaks the rules of `auditEntrySchema` is dropped and counted in the same way.
 * 5. `flush` resolves when what was recorded before it has arrived or been given up; `close` flushes for a bounded time and takes nothing after that.
 */
export interface AuditSink extends AsyncDisposable {
  record(entry: AuditEntry): void;
  flush(): Promise<void>;
  close(): Promise<void>;
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

/** The eight groups of an IPv6 address, without leading zeros. */
function expand(address: string): readonly string[] {
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16).toString(16));
}

/** A dotted tail takes two groups. */
const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group])));
