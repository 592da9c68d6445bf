import type { RelationalStore } from '@loomgraph/stores/relational';
import type { AccountReader } from '../../domain/ports.js';
import type { AuditReader } from '../../domain/audit.js';
import type { ApiKeyReader } from '../../domain/security/api-keys.js';
import type { FactorReader } from '../../domain/security/second-factor.js';
import { SessionEntity } from '../../store/entities.js';

const PAGE = 100;

/** What this subgraph holds about a user, for an export: no hashes, no secrets. */
export function userSections(deps: {
  readonly store: RelationalStore;
  readonly accounts: AccountReader;
  readonly factors: FactorReader;
  readonly keys: ApiKeyReader;
  readonly audit: AuditReader;
}): Readonly<Record<string, (userId: string) => AsyncIterable<unknown>>> {
  const { store, accounts, factors, keys, audit } = deps;
  return {
    async *profile(userId) {
      for (const { passwordHash: _secret, ...user } of await accounts.usersByIds([userId])) yield user;
    },
    async *roles(userId) {
      yield* (await accounts.rolesOf([userId])).get(userId) ?? [];
    },
    async *sessions(userId) {
      yield* await store.read().find(SessionEntity, { userId }, { orderBy: { id: 'asc' } });
    },
    async *secondFactor(userId) {
      const state = await factors.state(userId);
      if (state) yield state;
    },
    async *apiKeys(userId) {
      yield* await keys.of(userId);
    },
    /** What they did, and what was done to their account. */
    async *auditLog(userId) {
      for (const filter of [{ actorId: userId }, { resourceType: 'User', resourceId: userId }]) {
        let from: readonly unknown[] | null = null;
        for (;;) {
          const page: Awaited<ReturnType<AuditReader['list']>> = await audit.list(filter, { limit: PAGE, direction: 'forward', from });
          // What they did to their own account was among the first.
          yield* 'resourceId' in filter ? page.items.filter(({ actor }) => actor.userId !== userId) : page.items;
          const last = page.items.at(-1);
          if (!page.hasNextPage || last === undefined) break;
          from = [last.sequence];
        }
      }
    },
  };
}
