import type { Identity } from '@loomgraph/auth';
import { openAccounts, recordBackends, type OpenAccounts } from './support/open-accounts.js';

const at = new Date('2026-03-01T08:00:00.000Z');
/** As the token verifier makes it of a token of our own: its roles are a hint that must not count. */
const signedIn = (userId: string, roles: readonly string[] = []): Identity => ({
  userId,
  roles,
  scopes: [],
  sessionId: `session-of-${userId}`,
  issuedAt: at,
  expiresAt: at,
});
/** Of another issuer, or a development token. */
const operator: Identity = { userId: 'operator', roles: ['admin'], scopes: [], issuedAt: at, expiresAt: at };

const ASSIGN = `mutation($input: RoleAssignmentInput!) { assignRole(input: $input) { membership { userId roleName companyId assignedBy } } }`;
const REMOVE = `mutation($input: RoleAssignmentInput!) { removeRole(input: $input) { userId role } }`;
const CAN = `query($action: String!, $resource: PermissionResourceInput!, $userId: ID) { can(action: $action, resource: $resource, userId: $userId) { allowed reason policy } }`;
const CREATE_ROLE = `mutation($input: CreateRoleInput!) { createRole(input: $input) { role { name scope isBuiltIn permissions { type action reach } revision } } }`;
const UPDATE_ROLE = `mutation($input: UpdateRoleInput!) { updateRole(input: $input) { role { revision permissions { type action } } } }`;
const GRANT = `mutation($input: GrantAccessInput!) { grantAccess(input: $input) { grant { id granteeKind } } }`;
const CREATE_GROUP = `mutation($input: CreateUserGroupInput!) { createGroup(input: $input) { group { id name companyId } } }`;
const ADD = `mutation($input: UserGroupMembersInput!) { addGroupMembers(input: $input) { group { members { nodes { userId } totalCount } } } }`;
const MEMBERSHIPS = `query($filter: RoleMembershipFilterInput, $first: Int, $after: String) { memberships(filter: $filter, first: $first, after: $after) { nodes { userId roleName companyId } totalCount pageInfo { hasNextPage endCursor } } }`;

for (const backend of recordBackends(import.meta.filename)) {
  describe(`A3 permissions on ${backend.name}`, () => {
    let app: OpenAccounts;
    const users: string[] = [];
    beforeAll(async () => {
      app = await openAccounts({ url: backend.url });
      for (const name of ['ada', 'bob', 'carol', 'dave', 'eve']) users.push(await app.user(`${name}@example.com`));
    }, 120_000);
    afterAll(() => app[Symbol.asyncDispose]());

    const can = async (identity: Identity | null, action: string, resource: object) =>
      (await app.data(CAN, { action, resource }, identity)).can as { allowed: boolean; reason: string; policy: string | null };
    const assign = (userId: string, role: string, companyId?: string, by: Identity = operator) =>
      app.data(ASSIGN, { input: { userId, role, companyId } }, by);

    it('has the built-in roles, in pages', async () => {
      const query = `query($first: Int, $after: String, $filter: RoleFilterInput) { roles(first: $first, after: $after, filter: $filter) { nodes { name isBuiltIn } totalCount pageInfo { hasNextPage endCursor } } }`;
      const first = (await app.data(query, { first: 4 }, operator)).roles;
      expect(first).toMatchObject({ totalCount: 7, pageInfo: { hasNextPage: true } });
      const rest = (await app.data(query, { first: 4, after: first.pageInfo.endCursor }, operator)).roles;
      expect([...first.nodes, ...rest.nodes].map(({ name }) => name)).toEqual([
        'admin',
        'company-admin',
        'hr',
        'owner',
        'recruiter',
        'user',
        'viewer',
      ]);
      expect((await app.data(query, { filter: { scope: 'COMPANY', contains: 'ADMIN' } }, operator)).roles.nodes).toEqual([
        { name: 'company-admin', isBuiltIn: true },
      ]);
      expect((await app.refusal(query, {}, null)).code).toBe('UNAUTHENTICATED');
    });

    it("counts the policy data, not the roles in a token of our own; another issuer's count", async () => {
      const [ada = ''] = users;
      expect(await can(signedIn(ada, ['admin']), 'read', { type: 'audit' })).toMatchObject({ allowed: false, reason: 'NO_PERMISSION' });
      expect(await can(operator, 'read', { type: 'audit' })).toEqual({ allowed: true, reason: 'ROLE', policy: 'admin *:*' });
      expect(await can(null, 'read', { type: 'audit' })).toEqual({ allowed: false, reason: 'ANONYMOUS', policy: null });
      await assign(ada, 'admin');
      expect(await can(signedIn(ada), 'read', { type: 'audit' })).toMatchObject({ allowed: true });
      await app.data(REMOVE, { input: { userId: ada, role: 'admin' } }, operator).then(
        () => Promise.reject(new Error('the last administrator was removed')),
        (error: Error) => expect(error.message).toContain('last'),
      );
      await assign(users[4] ?? '', 'admin');
      await app.data(REMOVE, { input: { userId: ada, role: 'admin' } }, operator);
      expect(await can(signedIn(ada, ['admin']), 'read', { type: 'audit' })).toMatchObject({ allowed: false });
    });

    it('holds company roles for their company only, and hands out none above its own', async () => {
      const [ada = '', bob = '', carol = '', dave = ''] = users;
      await assign(ada, 'owner', 'c1');
      await assign(bob, 'company-admin', 'c1', signedIn(ada));
      await assign(carol, 'hr', 'c1', signedIn(bob));
      expect(await can(signedIn(carol), 'update', { type: 'job', companyId: 'c1' })).toEqual({
        allowed: true,
        reason: 'ROLE',
        policy: 'hr@c1 job:update',
      });
      expect(await can(signedIn(carol), 'update', { type: 'job', companyId: 'c2' })).toMatchObject({ allowed: false });
      expect(await can(signedIn(carol), 'update', { type: 'company', companyId: 'c1' })).toMatchObject({ allowed: false });
      const refused = (input: object, by: Identity) => app.refusal(ASSIGN, { input }, by).then(({ code }) => code);
      expect(await refused({ userId: dave, role: 'owner', companyId: 'c1' }, signedIn(bob))).toBe('FORBIDDEN');
      expect(await refused({ userId: dave, role: 'hr', companyId: 'c2' }, signedIn(bob))).toBe('FORBIDDEN');
      expect(await refused({ userId: dave, role: 'viewer', companyId: 'c1' }, signedIn(carol))).toBe('FORBIDDEN');
      expect(await refused({ userId: dave, role: 'admin' }, signedIn(ada))).toBe('FORBIDDEN');
      expect(await refused({ userId: dave, role: 'admin', companyId: 'c1' }, operator)).toBe('BAD_USER_INPUT');
      expect(await refused({ userId: dave, role: 'owner' }, operator)).toBe('BAD_USER_INPUT');
      expect(await refused({ userId: dave, role: 'user' }, operator)).toBe('BAD_USER_INPUT');
      expect(await refused({ userId: 'nobody', role: 'admin' }, operator)).toBe('NOT_FOUND');
      expect(await refused({ userId: dave, role: 'no-such-role' }, operator)).toBe('NOT_FOUND');
      // Who leaves needs nobody's leave; the last owner cannot.
      await app.data(REMOVE, { input: { userId: carol, role: 'hr', companyId: 'c1' } }, signedIn(carol));
      expect((await app.refusal(REMOVE, { input: { userId: ada, role: 'owner', companyId: 'c1' } }, signedIn(ada))).code).toBe('CONFLICT');
      expect((await app.refusal(REMOVE, { input: { userId: ada, role: 'owner', companyId: 'c1' } }, signedIn(bob))).code).toBe('FORBIDDEN');
    });

    it("shows memberships of companies one may see, and one's own", async () => {
      const [ada = '', bob = '', carol = ''] = users;
      await assign(carol, 'viewer', 'c3');
      const seenBy = async (identity: Identity) =>
        ((await app.data(MEMBERSHIPS, {}, identity)).memberships.nodes as { userId: string; roleName: string }[])
          .map(({ userId, roleName }) => `${userId}:${roleName}`)
          .sort();
      expect(await seenBy(signedIn(bob))).toEqual([`${ada}:owner`, `${bob}:company-admin`].sort());
      expect(await seenBy(signedIn(carol))).toEqual([`${carol}:viewer`]);
      const all = (await app.data(MEMBERSHIPS, { first: 2 }, operator)).memberships;
      expect(all).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } });
      expect((await app.data(MEMBERSHIPS, { first: 2, after: all.pageInfo.endCursor }, operator)).memberships.nodes).toHaveLength(2);
      expect((await app.data(MEMBERSHIPS, { filter: { scope: 'COMPANY', companyId: 'c3' } }, operator)).memberships.nodes).toEqual([
        { userId: carol, roleName: 'viewer', companyId: 'c3' },
      ]);
    });

    it('makes roles of its own, whose permissions count as soon as they change', async () => {
      const dave = users[3] ?? '';
      const input = {
        name: 'auditor',
        scope: 'GLOBAL',
        title: 'Auditor',
        permissions: [
          { type: 'audit', action: 'read' },
          { type: 'audit', action: 'read' },
        ],
      };
      expect((await app.data(CREATE_ROLE, { input }, operator)).createRole.role).toEqual({
        name: 'auditor',
        scope: 'GLOBAL',
        isBuiltIn: false,
        revision: 1,
        permissions: [{ type: 'audit', action: 'read', reach: 'ANY' }],
      });
      await assign(dave, 'auditor');
      expect(await can(signedIn(dave), 'read', { type: 'audit' })).toMatchObject({ allowed: true, policy: 'auditor audit:read' });
      expect(await can(signedIn(dave), 'verify', { type: 'audit' })).toMatchObject({ allowed: false });
      const changed = await app.data(
        UPDATE_ROLE,
        { input: { name: 'auditor', permissions: [{ type: 'audit', action: 'verify' }] } },
        operator,
      );
      expect(changed.updateRole.role).toEqual({ revision: 2, permissions: [{ type: 'audit', action: 'verify' }] });
      expect(await can(signedIn(dave), 'read', { type: 'audit' })).toMatchObject({ allowed: false });
      expect(await can(signedIn(dave), 'verify', { type: 'audit' })).toMatchObject({ allowed: true });
      const codes = async (input: object, by: Identity = operator) =>
        (await app.refusal(CREATE_ROLE, { input: { title: 'x', scope: 'GLOBAL', ...input } }, by)).code;
      expect(await codes({ name: 'auditor', permissions: [] })).toBe('CONFLICT');
      expect(await codes({ name: 'Bad Name', permissions: [] })).toBe('BAD_USER_INPUT');
      expect(await codes({ name: 'x', permissions: [{ type: 'audit', action: 'edit' }] })).toBe('BAD_USER_INPUT');
      expect(await codes({ name: 'x', scope: 'COMPANY', permissions: [{ type: 'audit', action: 'read' }] })).toBe('BAD_USER_INPUT');
      expect(await codes({ name: 'x', permissions: [] }, signedIn(dave))).toBe('FORBIDDEN');
      expect((await app.refusal(UPDATE_ROLE, { input: { name: 'admin', title: 'Mine' } }, operator)).code).toBe('BAD_USER_INPUT');
      expect((await app.refusal(`mutation { deleteRole(name: "auditor") { deletedName } }`, {}, operator)).code).toBe('CONFLICT');
      await app.data(REMOVE, { input: { userId: dave, role: 'auditor' } }, operator);
      await app.data(`mutation { deleteRole(name: "auditor") { deletedName } }`, {}, operator);
    });

    it('refuses to hand out what its maker lacks', async () => {
      const dave = users[3] ?? '';
      const input = {
        name: 'role-maker',
        scope: 'GLOBAL',
        title: 'x',
        permissions: [
          { type: 'role', action: 'create' },
          { type: 'role', action: 'assign' },
        ],
      };
      await app.data(CREATE_ROLE, { input }, operator);
      await assign(dave, 'role-maker');
      const escalate = { name: 'root', scope: 'GLOBAL', title: 'x', permissions: [{ type: '*', action: '*' }] };
      expect((await app.refusal(CREATE_ROLE, { input: escalate }, signedIn(dave))).code).toBe('FORBIDDEN');
      expect((await app.refusal(ASSIGN, { input: { userId: dave, role: 'admin' } }, signedIn(dave))).code).toBe('FORBIDDEN');
    });

    it('grants single resources to users and to groups, and takes them back', async () => {
      const [, bob = '', carol = ''] = users;
      const { grant } = (
        await app.data(
          GRANT,
          { input: { granteeKind: 'USER', granteeId: bob, resourceType: 'template', resourceId: 't1', action: 'update' } },
          operator,
        )
      ).grantAccess;
      expect(await can(signedIn(bob), 'update', { type: 'template', id: 't1' })).toEqual({
        allowed: true,
        reason: 'GRANT',
        policy: 'grant template:update',
      });
      expect(await can(signedIn(bob), 'update', { type: 'template', id: 't2' })).toMatchObject({ allowed: false });
      expect(await can(signedIn(bob), 'delete', { type: 'template', id: 't1' })).toMatchObject({ allowed: false });
      await app.data(`mutation($id: ID!) { revokeAccess(id: $id) { deletedId } }`, { id: grant.id }, operator);
      expect(await can(signedIn(bob), 'update', { type: 'template', id: 't1' })).toMatchObject({ allowed: false });

      const { group } = (await app.data(CREATE_GROUP, { input: { name: 'Editors' } }, operator)).createGroup;
      await app.data(
        GRANT,
        { input: { granteeKind: 'GROUP', granteeId: group.id, resourceType: 'template', resourceId: 't9', action: '*' } },
        operator,
      );
      expect(await can(signedIn(carol), 'update', { type: 'template', id: 't9' })).toMatchObject({ allowed: false });
      const members = await app.data(ADD, { input: { groupId: group.id, userIds: [carol, carol] } }, operator);
      expect(members.addGroupMembers.group.members).toEqual({ nodes: [{ userId: carol }], totalCount: 1 });
      expect(await can(signedIn(carol), 'update', { type: 'template', id: 't9' })).toMatchObject({ allowed: true, reason: 'GRANT' });
      expect((await app.data(`{ groups { nodes { id } } }`, {}, signedIn(carol))).groups.nodes).toEqual([{ id: group.id }]);
      expect((await app.data(`{ groups { nodes { id } } }`, {}, signedIn(bob))).groups.nodes).toEqual([]);
      await app.data(`mutation($id: ID!) { deleteGroup(id: $id) { deletedId } }`, { id: group.id }, operator);
      expect(await can(signedIn(carol), 'update', { type: 'template', id: 't9' })).toMatchObject({ allowed: false });
      const unknown = { granteeKind: 'GROUP', granteeId: group.id, resourceType: 'template', resourceId: 't9', action: 'update' };
      expect((await app.refusal(GRANT, { input: unknown }, operator)).code).toBe('NOT_FOUND');
    });

    it('answers many questions at once, at most 100, and asks for known permissions', async () => {
      const [ada = ''] = users;
      const query = `query($requests: [PermissionRequestInput!]!, $userId: ID) { checkPermissions(requests: $requests, userId: $userId) { allowed } }`;
      const requests = [
        { action: 'update', resource: { type: 'job', companyId: 'c1' } },
        { action: 'update', resource: { type: 'job', companyId: 'c2' } },
        { action: 'update', resource: { type: 'template', ownerId: ada } },
      ];
      expect((await app.data(query, { requests }, signedIn(ada))).checkPermissions).toEqual([
        { allowed: true },
        { allowed: false },
        { allowed: true },
      ]);
      expect((await app.data(query, { requests, userId: ada }, operator)).checkPermissions[0]).toEqual({ allowed: true });
      expect((await app.refusal(query, { requests, userId: ada }, signedIn(users[1] ?? ''))).code).toBe('FORBIDDEN');
      expect((await app.refusal(query, { requests: Array.from({ length: 101 }, () => requests[0]) }, operator)).code).toBe(
        'PAGE_LIMIT_EXCEEDED',
      );
      expect((await app.refusal(CAN, { action: 'fly', resource: { type: 'template' } }, operator)).code).toBe('BAD_USER_INPUT');
    });
  });
}
