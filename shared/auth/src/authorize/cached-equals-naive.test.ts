import { matchesFilter, type ResourceFilter } from '@loomgraph/core';
import type { Identity } from '../identity.js';
import type { ResourceRef } from './authorizer.js';
import { createMemoryPolicy, type MemoryPolicy } from './memory-policy.fixture.js';
import { createAuthorizer } from './policy-authorizer.js';
import { reaches, type PolicyRule } from './policy.js';

const types = ['page', 'job', '*'];
const actions = ['read', 'edit', '*'];
const roles = ['user', 'a', 'b', 'c'];
const companies = ['c1', 'c2', 'c3'];
const groups = ['g1', 'g2'];
const users = ['u1', 'u2', 'u3', '["u1","a"]'];
const ids = ['r1', 'r2', 'r3'];
const at = new Date(0);

/** Numbers from a seed (mulberry32), so that a failure can be repeated. */
function random(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    one: <T>(values: readonly T[]): T => values[below(values.length)] as T,
    some: <T>(values: readonly T[]): T[] => values.filter(() => next() < 0.4),
  };
}
type Random = ReturnType<typeof random>;

/** The policy read as it is written down, rule by rule, for one resource. */
function naive(
  policy: MemoryPolicy,
  { userId, tokenRoles }: { userId: string; tokenRoles: readonly string[] },
  action: string,
  resource: ResourceRef,
): boolean {
  const facts = policy.factsNow(userId);
  const held = [...facts.roles, ...['user', ...tokenRoles].map((role) => ({ role, companyId: null }))];
  const fits = (pattern: string, name: string): boolean => pattern === '*' || pattern === name;
  const byRole = policy
    .rulesNow()
    .some(
      (rule) =>
        fits(rule.type, resource.type) &&
        fits(rule.action, action) &&
        held.some(({ role, companyId }) => role === rule.role && (companyId === null || companyId === resource.companyId)) &&
        (rule.reach === 'any' ||
          (rule.reach === 'own' && resource.ownerId === userId) ||
          (rule.reach === 'group' && (resource.groupIds ?? []).some((id) => facts.groups.includes(id)))),
    );
  return byRole || facts.grants.some((grant) => grant.type === resource.type && grant.id === resource.id && fits(grant.action, action));
}

function randomRule({ one }: Random): PolicyRule {
  return { role: one(roles), type: one(types), action: one(actions), reach: one(reaches) };
}

function randomFacts({ some, one, below }: Random) {
  return {
    roles: some(roles.slice(1)).map((role) => ({ role, companyId: below(3) === 0 ? null : one(companies) })),
    groups: some(groups),
    grants: Array.from({ length: below(4) }, () => ({ type: one(['page', 'job']), id: one(ids), action: one(actions) })),
  };
}

function randomResource({ one, below, some }: Random): ResourceRef {
  return {
    type: one(['page', 'job', 'other']),
    ...(below(4) > 0 ? { id: one(ids) } : {}),
    ...(below(3) > 0 ? { companyId: one(companies) } : {}),
    ...(below(2) > 0 ? { ownerId: one(users) } : {}),
    ...(below(2) > 0 ? { groupIds: some(groups) } : {}),
  };
}

describe('A3 the cached engine', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'and its filters answer as a naive reading of the same policy does, through changes (seed %i)',
    async (seed) => {
      const source = random(seed);
      const policy = createMemoryPolicy(Array.from({ length: source.below(8) }, () => randomRule(source)));
      await using authorizer = createAuthorizer({ source: policy, pollMs: 3_600_000, maxSubjects: 3 });
      for (let step = 0; step < 150; step++) {
        const dice = source.below(10);
        if (dice === 0) policy.setRules(Array.from({ length: source.below(8) }, () => randomRule(source)));
        else if (dice < 4) policy.setFacts(source.one(users), randomFacts(source));
        else if (dice === 4) policy.trim();
        if (dice <= 4) await authorizer.refresh();
        const tokenRoles = source.below(3) === 0 ? source.some(['a', 'b']) : [];
        const userId = source.one(users);
        const identity: Identity = { userId, roles: tokenRoles, scopes: [], issuedAt: at, expiresAt: at };
        const action = source.one(['read', 'edit', 'other']);
        const resources = Array.from({ length: 10 }, () => randomResource(source));
        const decisions = await authorizer.checkMany(
          identity,
          resources.map((resource) => ({ action, resource })),
        );
        const filters = new Map<string, ResourceFilter>();
        for (const [index, resource] of resources.entries()) {
          const expected = naive(policy, { userId, tokenRoles }, action, resource);
          const context = { seed, step, userId, tokenRoles, action, resource };
          expect({ ...context, allowed: decisions[index]?.allowed }).toEqual({ ...context, allowed: expected });
          if (!filters.has(resource.type)) filters.set(resource.type, await authorizer.filter(identity, action, resource.type));
          const filter = filters.get(resource.type) ?? { kind: 'none' };
          expect({ ...context, filter, listed: matchesFilter(filter, resource) }).toEqual({ ...context, filter, listed: expected });
        }
      }
    },
  );
});
