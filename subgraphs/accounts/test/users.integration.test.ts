import type { Identity } from '@loomgraph/auth';
import type { SyncAnswer } from '@loomgraph/core';
import { openEngines, SyncTokens } from '@loomgraph/sync';
import { openAccounts, recordBackends, REFRESH, LOGIN, PASSWORD, type OpenAccounts } from './support/open-accounts.js';

const admin = { userId: 'root', roles: ['admin'], scopes: [], issuedAt: new Date(), expiresAt: new Date() };
const reader = { ...admin, userId: 'somebody', roles: [] };
const LIST = `query($filter: UserFilterInput, $orderBy: UserOrderInput, $first: Int, $after: String, $last: Int, $before: String) {
  users(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id email displayName } } } }`;

for (const backend of recordBackends(import.meta.filename)) {
  describe(`A2 users on ${backend.name}`, () => {
    let app: OpenAccounts;
    const ids: Record<string, string> = {};
    beforeAll(async () => {
      app = await openAccounts({ url: backend.url });
      for (const name of ['ada', 'bob', 'carol', 'dave', 'erin']) {
        ids[name] = await app.user(`${name}@example.com`);
        app.clock.advance(1_000);
      }
    }, 120_000);
    afterAll(() => app[Symbol.asyncDispose]());
    const list = async (variables: Record<string, unknown> = {}) => (await app.data(LIST, variables, admin)).users;
    const names = (page: { edges: { node: { displayName: string } }[] }) => page.edges.map(({ node }) => node.displayName);

    it('lists for administrators alone, in pages both ways, with exact totals', async () => {
      expect((await app.refusal(LIST)).code).toBe('UNAUTHENTICATED');
      expect((await app.refusal(LIST, {}, reader)).code).toBe('FORBIDDEN');
      const orderBy = { field: 'EMAIL' };
      const first = await list({ first: 2, orderBy });
      expect([names(first), first.totalCount, first.pageInfo.hasNextPage]).toEqual([['ada', 'bob'], 5, true]);
      const second = await list({ first: 2, after: first.pageInfo.endCursor, orderBy });
      expect(names(second)).toEqual(['carol', 'dave']);
      const back = await list({ last: 2, before: second.pageInfo.startCursor, orderBy });
      expect([names(back), back.pageInfo.hasPreviousPage]).toEqual([['ada', 'bob'], false]);
      expect(names(await list())).toEqual(['erin', 'dave', 'carol', 'bob', 'ada']);
      expect(names(await list({ first: 2, after: (await list({ first: 2 })).pageInfo.endCursor }))).toEqual(['carol', 'bob']);
      expect((await app.refusal(LIST, { first: 101 }, admin)).code).toBe('PAGE_LIMIT_EXCEEDED');
      expect((await app.refusal(LIST, { after: first.pageInfo.endCursor }, admin)).code).toBe('INVALID_CURSOR');
    });

    it('finds by part of the address or name, state, language, time and id', async () => {
      const found = async (filter: object) => names(await list({ filter, orderBy: { field: 'DISPLAY_NAME' } }));
      expect(await found({ search: 'ARO' })).toEqual(['carol']);
      expect(await found({ search: '%' })).toEqual([]);
      expect(await found({ ids: [ids['ada'], ids['bob'], 'nobody'] })).toEqual(['ada', 'bob']);
      expect(await found({ locale: 'EN' })).toEqual([]);
      expect(await found({ status: 'ACTIVE', emailVerified: true })).toHaveLength(5);
      expect(await found({ emailVerified: false })).toEqual([]);
      expect(await found({ role: 'admin' })).toEqual([]);
      const { createdAt } = (await app.data(`query($id: ID!) { user(id: $id) { createdAt } }`, { id: ids['carol'] }, admin)).user;
      expect(await found({ createdAfter: createdAt })).toEqual(['carol', 'dave', 'erin']);
      expect(await found({ createdBefore: createdAt })).toEqual(['ada', 'bob']);
    });

    it('shows others nothing but the name', async () => {
      const query = `query($r: [_Any!]!) { _entities(representations: $r) { ... on User { id displayName email status roles createdAt } } }`;
      const r = [{ __typename: 'User', id: ids['ada'] }];
      const hidden = { id: ids['ada'], displayName: 'ada', email: null, status: null, roles: null, createdAt: null };
      expect((await app.data(query, { r }))._entities).toEqual([hidden]);
      expect((await app.data(query, { r }, reader))._entities).toEqual([hidden]);
      const shown = { ...hidden, email: 'ada@example.com', status: 'ACTIVE', roles: [], createdAt: expect.any(String) };
      expect((await app.data(query, { r }, admin))._entities).toEqual([
        expect.objectContaining({ ...shown, createdAt: expect.anything() }),
      ]);
      expect((await app.data(query, { r: [{ __typename: 'User', id: 'nobody' }] }))._entities).toEqual([null]);
      expect((await app.data(`{ me { id } }`)).me).toBeNull();
      expect((await app.refusal(`query($id: ID!) { user(id: $id) { id } }`, { id: ids['ada'] }, reader)).code).toBe('FORBIDDEN');
    });

    it('changes the own profile, and refuses a change over another one', async () => {
      const as = await app.identity((await app.login('bob@example.com')).accessToken);
      const update = `mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { user { displayName locale revision } } }`;
      const { revision } = (await app.data(`{ me { revision } }`, {}, as)).me;
      const { user } = (await app.data(update, { input: { displayName: 'Robert', locale: 'EN', expectedRevision: revision } }, as))
        .updateProfile;
      expect(user).toEqual({ displayName: 'Robert', locale: 'EN', revision: revision + 1 });
      expect((await app.refusal(update, { input: { displayName: 'Bobby', expectedRevision: revision } }, as)).code).toBe('CONFLICT');
      expect((await app.data(update, { input: { displayName: 'Robert' } }, as)).updateProfile.user.revision).toBe(revision + 1);
      expect((await app.refusal(update, { input: { displayName: '' } }, as)).code).toBe('BAD_USER_INPUT');
    });

    it('disables a user: signed out everywhere, refused, until enabled again', async () => {
      const { refreshToken } = await app.login('dave@example.com');
      const disable = `mutation($id: ID!) { disableUser(id: $id) { user { status } } }`;
      expect((await app.refusal(disable, { id: ids['dave'] }, reader)).code).toBe('FORBIDDEN');
      expect((await app.refusal(disable, { id: 'root' }, admin)).code).toBe('CONFLICT');
      expect((await app.refusal(disable, { id: 'nobody' }, admin)).code).toBe('NOT_FOUND');
      expect((await app.data(disable, { id: ids['dave'] }, admin)).disableUser.user.status).toBe('DISABLED');
      expect(app.revoked).toContainEqual(expect.objectContaining({ kind: 'user', id: ids['dave'], at: app.clock.now() }));
      expect((await app.refusal(REFRESH, { token: refreshToken })).reason).toBe('revoked');
      const credentials = { email: 'dave@example.com', password: PASSWORD };
      expect((await app.refusal(LOGIN, { input: credentials })).code).toBe('ACCOUNT_DISABLED');
      expect((await app.refusal(LOGIN, { input: { ...credentials, password: 'not the password' } })).code).toBe('INVALID_CREDENTIALS');
      await app.data(`mutation($id: ID!) { enableUser(id: $id) { user { status } } }`, { id: ids['dave'] }, admin);
      expect((await app.login('dave@example.com')).sessionId).toBeTruthy();
    });

    it('publishes revocations that still mean something again at the next start', async () => {
      const before = app.revoked.length;
      await app.subgraph.start();
      expect(app.revoked.slice(before)).toContainEqual(expect.objectContaining({ kind: 'user', id: ids['dave'] }));
    });

    it('Y7 answers a mutation with a token, with which the projected account is waited for; none where it would tell who has an account', async () => {
      const told: SyncAnswer[] = [];
      const send = (query: string, variables: object, identity: Identity | null) =>
        app.host.execute({
          query,
          variables: { ...variables },
          request: { identity, requestId: 'test', sync: { report: (one) => told.push(one) } },
        });
      const as = await app.identity((await app.login('erin@example.com')).accessToken);
      const update = 'mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }';
      expect((await send(update, { input: { locale: 'EN' } }, as)).errors).toBeUndefined();
      expect(told).toEqual([{ token: expect.any(String) }]);

      const tokens = new SyncTokens({ open: openEngines(app.stores, ['accounts']) });
      const stale = await tokens.waitFor(told[0]?.token ?? '', { accounts: ['account-graph'] }, { timeoutMs: 20_000 });
      expect(stale).toBeUndefined();
      const graph = await app.stores.graph(['Account', 'User']);
      expect((await graph.node('Account', ids['erin'] ?? ''))?.properties).toMatchObject({ locale: 'en' });

      told.length = 0;
      const register = 'mutation($input: RegisterInput!) { register(input: $input) { email } }';
      for (const email of ['erin@example.com', 'fred@example.com'])
        expect((await send(register, { input: { email, password: PASSWORD } }, null)).errors).toBeUndefined();
      expect((await send('{ me { locale } }', {}, as)).data).toEqual({ me: { locale: 'EN' } });
      expect(told).toEqual([]);
    });

    it('projects accounts without personal data, each joined to the node User of its id', async () => {
      expect(await app.subgraph.relay.whenQuiet(20_000)).toBe(true);
      const graph = await app.stores.graph(['Account', 'User']);
      const node = await graph.node('Account', ids['bob'] ?? '');
      expect(node?.properties).toMatchObject({ locale: 'en', status: 'active', isVerified: true });
      expect(JSON.stringify(node)).not.toMatch(/bob|Robert|example/);
      // The node User is templates' to write; until then the edge's end is a placeholder.
      expect(await graph.node('User', ids['bob'] ?? '')).toBeNull();
      const user = {
        label: 'User',
        id: ids['bob'] ?? '',
        revision: 1,
        fence: 0,
        fingerprint: 'f',
        properties: {},
        ownedEdges: ['USED'],
        edges: [],
      };
      await graph.apply([user]);
      const path = await graph.shortestPath({
        from: { label: 'Account', id: user.id },
        to: { label: 'User', id: user.id },
        edges: ['IS'],
        maxDepth: 1,
      });
      expect(path?.steps).toHaveLength(1);
    });
  });
}
