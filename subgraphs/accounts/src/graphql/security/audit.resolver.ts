import { LoomError, toPageRequest } from '@loomgraph/core';
import { given, toConnection } from '@loomgraph/subgraph-kit';
import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import type {
  AuditFilter,
  AuditFinding as Finding,
  AuditReader,
  AuditRecord,
  AuditVerifier,
  AuditOutcome as Outcome,
} from '../../domain/audit.js';
import { AUDIT_CURSOR } from '../../domain/cursor-tags.js';
import type { AccountsContext } from '../context.js';
import {
  AuditEntryConnection,
  AuditFilterInput,
  AuditFindingKind,
  AuditOutcome,
  AuditVerification,
  type AuditEntry,
} from './audit.type.js';

/** So many are looked at within a request's time. */
const MAX_VERIFIED = 100_000;

const outcomes: Record<Outcome, AuditOutcome> = { allowed: AuditOutcome.ALLOWED, denied: AuditOutcome.DENIED, failed: AuditOutcome.FAILED };
const outcomeOf: Record<AuditOutcome, Outcome> = { ALLOWED: 'allowed', DENIED: 'denied', FAILED: 'failed' };
const kinds: Record<Finding['kind'], AuditFindingKind> = {
  edited: AuditFindingKind.EDITED,
  missing: AuditFindingKind.MISSING,
  'broken-link': AuditFindingKind.BROKEN_LINK,
  rewritten: AuditFindingKind.REWRITTEN,
  truncated: AuditFindingKind.TRUNCATED,
  head: AuditFindingKind.HEAD,
  anchors: AuditFindingKind.ANCHORS,
};

export interface AuditResolverDependencies {
  readonly reader: AuditReader;
  readonly verifier: AuditVerifier;
  /** @throws LoomError UNAUTHENTICATED, FORBIDDEN */
  readonly assertMayRead: (context: AccountsContext) => Promise<void>;
}

/** The audit log, for administrators and whoever has the permission. */
@Resolver()
export class AuditResolver {
  readonly #deps: AuditResolverDependencies;

  constructor(deps: AuditResolverDependencies) {
    this.#deps = deps;
  }

  @Query(() => AuditEntryConnection, {
    description: 'Who did what, or was kept from it, newest first; pages of at most 100. For administrators and who may read audit logs.',
  })
  async auditLog(
    @Ctx() context: AccountsContext,
    @Arg('filter', () => AuditFilterInput, { nullable: true }) filter?: AuditFilterInput,
    @Arg('first', () => Int, { nullable: true }) first?: number,
    @Arg('after', () => String, { nullable: true }) after?: string,
    @Arg('last', () => Int, { nullable: true }) last?: number,
    @Arg('before', () => String, { nullable: true }) before?: string,
  ): Promise<AuditEntryConnection> {
    await this.#deps.assertMayRead(context);
    const page = toPageRequest({ first, after, last, before }, AUDIT_CURSOR);
    return toConnection(await this.#deps.reader.list(filterOf(filter), page), toEntry);
  }

  @Query(() => AuditVerification, {
    description:
      'Looks over a stretch of the audit log: hashes, links, gaps, and the anchors in the second store. For administrators and who may read audit logs.',
  })
  async verifyAuditLog(
    @Ctx() context: AccountsContext,
    @Arg('from', () => Int, { nullable: true, description: 'The first entry to look at; 1 when left out.' }) from?: number,
    @Arg('limit', () => Int, { nullable: true, description: 'How many at most; 1 to 100,000, which it is when left out.' }) limit?: number,
  ): Promise<AuditVerification> {
    await this.#deps.assertMayRead(context);
    const count = limit ?? MAX_VERIFIED;
    if (count < 1 || count > MAX_VERIFIED) throw new LoomError('BAD_USER_INPUT', `limit is 1 to ${MAX_VERIFIED}.`);
    if (from != null && from < 1) throw new LoomError('BAD_USER_INPUT', 'from is 1 or more.');
    const { findings, ...verification } = await this.#deps.verifier.verify({ from: from ?? 1, limit: count });
    return { ...verification, findings: findings.map(({ kind, ...finding }) => ({ kind: kinds[kind], ...finding })) };
  }
}

function toEntry({ actor, resource, outcome, details = {}, ...record }: AuditRecord): AuditEntry {
  return {
    sequence: record.sequence,
    occurredAt: record.occurredAt,
    recordedAt: record.recordedAt,
    actorId: actor.userId ?? null,
    sessionId: actor.sessionId ?? null,
    apiKeyId: actor.apiKeyId ?? null,
    address: actor.address ?? null,
    action: record.action,
    resourceType: resource.type,
    resourceId: resource.id ?? null,
    outcome: outcomes[outcome],
    reason: record.reason ?? null,
    requestId: record.requestId ?? null,
    details: Object.entries(details).map(([name, value]) => ({ name, value: String(value) })),
    hash: record.hash,
  };
}

function filterOf(input: AuditFilterInput | null | undefined): AuditFilter {
  const { outcome, ...others } = given(input);
  return {
    ...others,
    ...(outcome ? { outcome: outcomeOf[outcome] } : {}),
  };
}
