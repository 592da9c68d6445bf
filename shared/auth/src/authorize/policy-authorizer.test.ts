import { StoreError } from '@loomgraph/core';
import { createMetrics } from '@loomgraph/telemetry';
import type { Identity } from '../identity.js';
import { builtInRules } from './built-in-roles.js';
import { createMemoryPolicy } from './memory-policy.fixture.js';
import { createAuthorizer, type AuthorizerOptions } from './policy-authorizer.js';
import { requirePermission } from './require-permission.js';

const at = new Date('2026-01-01T00:00:00Z');
const caller = (userId: string, more: Partial<Identity> = {}): Identity => ({
  userId,
  roles: [],
  scopes: [],
  issuedAt: at,
  expiresAt: at,
  sessionId: 's',
  ...more,
});

describe('A3 authorizer', () => {
  const open = (options: Partial<AuthorizerOptions> = {}) => {
    const policy = createMemoryPolicy(builtInRules);
    const authorizer = createAuthorizer({ source: policy, pollMs: 3_600_000, ...options });
    return { policy, authorizer, [Symbol.asyncDispose]: () => authorizer.close() };
  };

  it('1. allows nothing by itself, and nothing to nobody', async () => {
    await using app = open();
    const { authorizer } = app;
    expect(await authorizer.check(null, 'create', { type: 'template' })).toEqual({ allowed: false, reason: 'anonymous' });
    expect(await authorizer.check(caller('u'), 'refresh', { type: 'template-cache' })).toEqual({ allowed: false, reason: 'no-permission' });
    expect(await authorizer.check(caller('u'), 'create', { type: 'template' })).toEqual({
      allowed: true,
      reason: 'role',
      policy: 'user template:create',
    });
    expect(await authorizer.check(caller('u'), 'constructor', { type: '__proto__' })).toMatchObject({ allowed: false });
    expect(await authorizer.filter(null, 'read', 'template')).toEqual({ kind: 'none' });
  });

  it('2. counts roles of the policy data; those of a token only where it is not of our own sessions', async () => {
    await using app = open();
    const { authorizer, policy } = app;
    const audit = { type: 'audit' };
    expect((await authorizer.check(caller('u', { roles: ['admin'] }), 'read', audit)).allowed).toBe(false);
    expect((await authorizer.check({ ...caller('u'), roles: ['admin'], apiKeyId: 'k' }, 'read', audit)).allowed).toBe(false);
    const { sessionId: _session, ...foreign } = caller('u', { roles: ['admin'] });
    expect((await authorizer.check(foreign, 'read', audit)).allowed).toBe(true);
    // The same user id without the roles is another subject.
    expect((await authorizer.check({ ...foreign, roles: [] }, 'read', audit)).allowed).toBe(false);
    expect((await authorizer.check({ ...foreign, userId: '["u","admin"]', roles: [] }, 'read', audit)).allowed).toBe(false);
    policy.setFacts('u', { roles: [{ role: 'admin', companyId: null }] });
    await authorizer.refresh();
    expect((await authorizer.check(caller('u'), 'read', audit)).allowed).toBe(true);
  });

  it('2. lets an API key do what its scopes say, as far as its user may, and nothing else', async () => {
    await using app = open();
    const { authorizer, policy } = app;
    policy.setFacts('u', { roles: [{ role: 'admin', companyId: null }] });
    const { sessionId: _session, ...user } = caller('u');
    const key = { ...user, apiKeyId: 'k', scopes: ['audit:read', 'user:read'] };
    expect((await authorizer.check(key, 'read', { type: 'audit' })).allowed).toBe(true);
    expect(await authorizer.check(key, 'verify', { type: 'audit' })).toEqual({ allowed: false, reason: 'no-permission' });
    const asked = ['read', 'erase'].map((action) => ({ action, resource: { type: 'user' } }));
    expect((await authorizer.checkMany(key, asked)).map(({ allowed }) => allowed)).toEqual([true, false]);
    expect(await authorizer.filter(key, 'read', 'template')).toEqual({ kind: 'none' });
    expect((await authorizer.check({ ...key, userId: 'nobody-special' }, 'read', { type: 'audit' })).allowed).toBe(false);
  });

  it('3. reaches resources of the company, own ones, and shared ones', async () => {
    await using app = open();
    const { authorizer, policy } = app;
    policy.setRules([
      { role: 'editor', type: 'page', action: 'edit', reach: 'own' },
      { role: 'reader', type: 'page', action: 'read', reach: 'group' },
    ]);
    policy.setFacts('u', {
      roles: [
        { role: 'editor', companyId: 'c1' },
        { role: 'reader', companyId: null },
      ],
      groups: ['g1'],
    });
    const may = async (action: string, resource: object) =>
      (await authorizer.check(caller('u'), action, { type: 'page', ...resource })).allowed;
    expect(await may('edit', { companyId: 'c1', ownerId: 'u' })).toBe(true);
    expect(await may('edit', { companyId: 'c2', ownerId: 'u' })).toBe(false);
    expect(await may('edit', { ownerId: 'u' })).toBe(false);
    expect(await may('edit', { companyId: 'c1', ownerId: 'v' })).toBe(false);
    expect(await may('edit', { companyId: 'c1' })).toBe(false);
    expect(await may('read', { groupIds: ['g2', 'g1'] })).toBe(true);
    expect(await may('read', { groupIds: ['g2'] })).toBe(false);
    expect(await authorizer.filter(caller('u'), 'edit', 'page')).toEqual({ kind: 'some', anyOf: [{ ownerId: 'u', companyIds: ['c1'] }] });
    expect(await authorizer.filter(caller('u'), 'read', 'page')).toEqual({ kind: 'some', anyOf: [{ groupIds: ['g1'] }] });
  });

  it('4. allows by grants of one resource, and 7. lists all of them', async () => {
    await using app = open();
    const { authorizer, policy } = app;
    const ids = Array.from({ length: 2_500 }, (_, index) => `t${index}`);
    policy.setFacts('u', { grants: ids.map((id) => ({ type: 'template', id, action: 'read' })) });
    expect(await authorizer.check(caller('u'), 'read', { type: 'template', id: 't2499' })).toEqual({
      allowed: true,
      reason: 'grant',
      policy: 'grant template:read',
    });
    expect((await authorizer.check(caller('u'), 'read', { type: 'template', id: 't2500' })).allowed).toBe(false);
    expect((await authorizer.check(caller('u'), 'read', { type: 'template' })).allowed).toBe(false);
    expect(await authorizer.filter(caller('u'), 'read', 'template')).toEqual({ kind: 'some', anyOf: [{ ownerId: 'u' }, { ids }] });
  });

  // The rules were taken before they were read, so that the first list of a process was empty.
  it('7. filters as soon as it is asked', async () => {
    await using app = open();
    expect(await app.authorizer.filter(caller('u'), 'read', 'template')).toEqual({ kind: 'some', anyOf: [{ ownerId: 'u' }] });
  });

  it('5. rejects while the policy cannot be read: nothing is allowed', async () => {
    let now = 0;
    await using app = open({ clock: { now: () => new Date(now) }, maxUnconfirmedMs: 10_000 });
    const { authorizer, policy } = app;
    const ask = () => authorizer.check(caller('u'), 'create', { type: 'template' });
    expect((await ask()).allowed).toBe(true);
    policy.fail(new StoreError('unavailable', 'policy', 'away'));
    now = 10_000;
    expect((await ask()).allowed).toBe(true);
    now = 10_001;
    await expect(ask()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(authorizer.check(caller('v'), 'create', { type: 'template' })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    policy.fail(undefined);
    expect((await ask()).allowed).toBe(true);
  });

  it('5. begins when the policy can be read, however often it could not', async () => {
    await using app = open();
    const { authorizer, policy } = app;
    policy.fail(new StoreError('unavailable', 'policy', 'away'));
    await expect(authorizer.check(caller('u'), 'create', { type: 'template' })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    policy.fail(undefined);
    expect((await authorizer.check(caller('u'), 'create', { type: 'template' })).allowed).toBe(true);
  });

  it('6. answers many in order, and reads once', async () => {
    await using app = open();
    const { authorizer, policy } = app;
    policy.setFacts('u', { roles: [{ role: 'hr', companyId: 'c1' }] });
    const requests = ['c1', 'c2', 'c1'].map((companyId) => ({ action: 'update', resource: { type: 'job', companyId } }));
    expect((await authorizer.checkMany(caller('u'), requests)).map(({ allowed }) => allowed)).toEqual([true, false, true]);
    await Promise.all(Array.from({ length: 50 }, () => authorizer.checkMany(caller('u'), requests)));
    expect(policy.reads).toMatchObject({ facts: 1, rules: 1 });
    await Promise.all(Array.from({ length: 50 }, () => authorizer.check(caller('v'), 'update', { type: 'job' })));
    expect(policy.reads.facts).toBe(2);
  });

  it('8. forgets who is touched, and nobody else', async () => {
    await using app = open();
    const { authorizer, policy } = app;
    policy.setFacts('member', { groups: ['g1'] });
    for (const userId of ['u', 'v', 'member']) await authorizer.check(caller(userId), 'update', { type: 'job' });
    policy.setFacts('u', { roles: [{ role: 'admin', companyId: null }] });
    await authorizer.refresh();
    for (const userId of ['u', 'v', 'member']) await authorizer.check(caller(userId), 'update', { type: 'job' });
    expect(policy.reads.facts).toBe(4);
    policy.touchGroup('g1');
    await authorizer.refresh();
    for (const userId of ['u', 'v', 'member']) await authorizer.check(caller(userId), 'update', { type: 'job' });
    expect(policy.reads.facts).toBe(5);
    policy.setFacts('v', { roles: [{ role: 'admin', companyId: null }] });
    policy.trim();
    await authorizer.refresh();
    expect((await authorizer.check(caller('v'), 'update', { type: 'job' })).allowed).toBe(true);
  });

  // What was read before a change must not outlive it.
  it('8. does not keep what was being read while a change came', async () => {
    await using app = open();
    const { authorizer, policy } = app;
    await authorizer.start();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { factsOf } = policy;
    let first = true;
    Object.assign(policy, {
      factsOf: async (userId: string) => {
        const facts = await factsOf(userId);
        if (first) {
          first = false;
          await held;
        }
        return facts;
      },
    });
    const early = authorizer.check(caller('u'), 'read', { type: 'audit' });
    await factsOf('u');
    policy.setFacts('u', { roles: [{ role: 'admin', companyId: null }] });
    await authorizer.refresh();
    release();
    expect((await early).allowed).toBe(false);
    expect((await authorizer.check(caller('u'), 'read', { type: 'audit' })).allowed).toBe(true);
  });

  it('refuses with what to ask for, and shows its figures', async () => {
    const metrics = createMetrics();
    await using app = open({ metrics });
    const request = { action: 'update', resource: { type: 'job', id: 'j1', companyId: 'c1' } };
    await expect(requirePermission(app.authorizer, caller('u'), request)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: 'This needs the permission "job:update" in company c1: ask an administrator for a role that has it.',
      details: { permission: 'job:update', id: 'j1', companyId: 'c1' },
    });
    await expect(requirePermission(app.authorizer, null, request)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const { body } = await metrics.render();
    expect(body).toContain('loom_auth_policy_subjects_total 1');
    expect(body).toMatch(/loom_auth_policy_unconfirmed_seconds 0/);
  });
});
