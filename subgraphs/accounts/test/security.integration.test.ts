import { digestApiKey, type Identity } from '@loomgraph/auth';
import { OutboxRow } from '@loomgraph/sync';
import { waitFor } from '@loomgraph/testing';
import { type TOTP, URI } from 'otpauth';
import { LOGIN, openAccounts, PASSWORD, recordBackends, type OpenAccounts } from './support/open-accounts.js';

const admin: Identity = { userId: 'root', roles: ['admin'], scopes: [], issuedAt: new Date(0), expiresAt: new Date(4e12) };
const AUDIT = `query($filter: AuditFilterInput, $first: Int) { auditLog(filter: $filter, first: $first) {
  totalCount nodes { sequence action outcome reason actorId sessionId resourceType resourceId address details { name value } } } }`;
const COMPLETE = `mutation($input: CompleteLoginInput!) { completeLogin(input: $input) { sessionId accessToken } }`;
const BEGIN = `mutation($password: String!) { beginTotp(input: { password: $password }) { secret uri } }`;
const CONFIRM = `mutation($code: String!) { confirmTotp(input: { code: $code }) { recoveryCodes } }`;
const DISABLE = `mutation($code: String!) { disableTotp(input: { code: $code }) { disabled } }`;
const KEY_IDENTITY = `query($id: ID!, $secretHash: String!) { apiKeyIdentity(id: $id, secretHash: $secretHash) { userId scopes issuedAt expiresAt } }`;
const CREATE_KEY = `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey { id prefix scopes lastUsedAt expiresAt } } }`;

for (const backend of recordBackends(import.meta.filename)) {
  describe(`A4 security on ${backend.name}`, () => {
    let app: OpenAccounts;
    beforeAll(async () => {
      app = await openAccounts({ url: backend.url });
    }, 60_000);
    afterAll(() => app[Symbol.asyncDispose]());

    const audit = async (filter: object = {}): Promise<any[]> => (await app.data(AUDIT, { filter, first: 50 }, admin)).auditLog.nodes; // eslint-disable-line
    const signedIn = async (email: string): Promise<Identity> => app.identity((await app.login(email)).accessToken);
    const wrong = (email: string) => app.send(LOGIN, { input: { email, password: 'something else' } });
    const codeOf = async (answer: Promise<{ errors?: readonly { extensions: Record<string, unknown> }[] | undefined }>) =>
      (await answer).errors?.[0]?.extensions['code'];

    it('writes down who signed in and who failed to, by ids alone', async () => {
      const id = await app.user('ann@example.com');
      await wrong('ann@example.com');
      await wrong('nobody@example.com');
      const { sessionId } = await app.login('ann@example.com');
      const mine = await audit({ resourceId: id, action: 'users.login' });
      expect(mine.map(({ outcome, reason }) => [outcome, reason])).toEqual([
        ['ALLOWED', null],
        ['DENIED', 'wrong-password'],
      ]);
      expect(mine[0]).toMatchObject({ actorId: id, sessionId });
      expect((await audit({ action: 'users.login', outcome: 'DENIED' }))[0]).toMatchObject({ reason: 'unknown-user', actorId: null });
      expect(JSON.stringify(await audit())).not.toContain('@');
    });

    it('shows the log to administrators only, and writes down who was denied', async () => {
      await app.user('bob@example.com');
      const bob = await signedIn('bob@example.com');
      expect((await app.refusal(AUDIT, {}, bob)).code).toBe('FORBIDDEN');
      expect((await app.refusal(AUDIT)).code).toBe('UNAUTHENTICATED');
      expect((await app.refusal('{ verifyAuditLog { intact } }', {}, bob)).code).toBe('FORBIDDEN');
      const denied = await waitFor(
        () => audit({ action: 'query.auditLog', actorId: bob.userId }),
        (entries) => entries.length > 0,
      );
      expect(denied[0]).toMatchObject({ outcome: 'DENIED', reason: 'FORBIDDEN', resourceType: 'Query' });
      const { verifyAuditLog } = await app.data('{ verifyAuditLog { intact checked last findings { kind } } }', {}, admin);
      expect(verifyAuditLog).toMatchObject({ intact: true, findings: [] });
      expect(verifyAuditLog.checked).toBe(verifyAuditLog.last);
    });

    it('locks an account that is guessed at, as it does one that does not exist; an administrator and a new password unlock it', async () => {
      const id = await app.user('cat@example.com');
      const answers = async (email: string): Promise<unknown[]> => {
        const codes = [];
        for (let index = 0; index < 7; index++) codes.push(await codeOf(wrong(email)));
        return codes;
      };
      const expected = [...Array.from({ length: 6 }, () => 'INVALID_CREDENTIALS'), 'ACCOUNT_LOCKED'];
      expect(await answers('cat@example.com')).toEqual(expected);
      expect(await answers('ghost@example.com')).toEqual(expected);
      const locked = await app.send(LOGIN, { input: { email: 'cat@example.com', password: PASSWORD } });
      expect(locked.errors?.[0]?.extensions).toMatchObject({ code: 'ACCOUNT_LOCKED', details: { retryAfterSeconds: 30 } });
      const ghost = await app.send(LOGIN, { input: { email: 'ghost@example.com', password: PASSWORD } });
      expect(JSON.stringify(ghost)).toBe(JSON.stringify(locked));
      await app.data('mutation($id: ID!) { unlockUser(userId: $id) { userId } }', { id }, admin);
      expect((await app.login('cat@example.com')).sessionId).toBeTruthy();
      expect((await audit({ action: 'users.unlock' }))[0]).toMatchObject({ actorId: 'root', resourceId: id });

      await answers('cat@example.com');
      await app.data('mutation { requestPasswordReset(email: "cat@example.com") { email } }');
      const token = await app.mailed('cat@example.com', 'reset-password');
      await app.data('mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { user { id } } }', {
        input: { token, newPassword: 'a new and better one' },
      });
      expect((await app.login('cat@example.com', 'a new and better one')).sessionId).toBeTruthy();
    });

    it('asks for a second factor: codes once each, drift of a step, recovery codes once each', async () => {
      const id = await app.user('dan@example.com');
      const dan = await signedIn('dan@example.com');
      expect((await app.refusal(BEGIN, { password: 'something else' }, dan)).code).toBe('INVALID_CREDENTIALS');
      const { secret, uri } = (await app.data(BEGIN, { password: PASSWORD }, dan)).beginTotp;
      const totp = URI.parse(uri) as TOTP;
      expect(totp).toMatchObject({ issuer: 'Loomgraph', label: 'dan@example.com', digits: 6, period: 30, algorithm: 'SHA1' });
      expect(totp.secret.base32).toBe(secret);
      const code = (steps = 0): string => totp.generate({ timestamp: app.clock.now().getTime() + steps * 30_000 });

      expect((await app.refusal(CONFIRM, { code: '000000' }, dan)).code).toBe('INVALID_CREDENTIALS');
      expect((await app.login('dan@example.com')).sessionId).toBeTruthy();
      const { recoveryCodes } = (await app.data(CONFIRM, { code: code() }, dan)).confirmTotp;
      expect(new Set(recoveryCodes).size).toBe(10);
      expect(await app.data('{ secondFactor { enabled recoveryCodesLeft } }', {}, dan)).toEqual({
        secondFactor: { enabled: true, recoveryCodesLeft: 10 },
      });
      const stored = await app.stores.relational({ name: 'accounts', entities: [OutboxRow], migrations: [] });
      const [row] = await stored
        .read()
        .execute<{ secret_sealed: string }[]>(`select secret_sealed from ${stored.table('second_factor')} where user_id = ?`, [id]);
      expect(row?.secret_sealed).not.toContain(secret);

      const challenge = async (): Promise<string> => {
        const { login } = await app.data(LOGIN, { input: { email: 'dan@example.com', password: PASSWORD } });
        return login.challenge as string;
      };
      const complete = async (text: string) => codeOf(app.send(COMPLETE, { input: { challenge: await challenge(), code: text } }));
      // The code that confirmed is used up.
      expect(await complete(code())).toBe('INVALID_CREDENTIALS');
      expect(await complete(code(2))).toBe('INVALID_CREDENTIALS');
      expect(await complete(code(1))).toBeUndefined();
      expect(await complete(code(1))).toBe('INVALID_CREDENTIALS');
      app.clock.advance(90_000);
      expect(await complete(code(-1))).toBeUndefined();
      expect(await complete(code(-2))).toBe('INVALID_CREDENTIALS');
      expect(await complete(String(recoveryCodes[0]).toUpperCase().replaceAll('-', ' '))).toBeUndefined();
      expect(await complete(recoveryCodes[0])).toBe('INVALID_CREDENTIALS');

      app.clock.advance(60_000);
      expect((await app.refusal(BEGIN, { password: PASSWORD }, dan)).code).toBe('CONFLICT');
      await app.data(DISABLE, { code: code() }, dan);
      expect((await app.login('dan@example.com')).sessionId).toBeTruthy();
      expect((await audit({ actorId: id, action: 'totp.disable' }))[0]).toMatchObject({ outcome: 'ALLOWED' });
    });

    it('gives integrators keys: shown once, hashed, scoped, expiring, revocable', async () => {
      const id = await app.user('eve@example.com');
      const eve = { ...(await signedIn('eve@example.com')), scopes: ['template:read', 'template:update'] };
      const create = (input: object, identity: Identity = eve) => app.send(CREATE_KEY, { input: { name: 'ci', ...input } }, identity);
      expect(await codeOf(create({ scopes: ['role:update'] }))).toBe('FORBIDDEN');
      expect(await codeOf(create({ scopes: [] }))).toBe('BAD_USER_INPUT');
      expect(await codeOf(create({ scopes: ['no scope'] }))).toBe('BAD_USER_INPUT');
      expect(await codeOf(create({ scopes: ['template:read'], expiresInDays: 366 }))).toBe('BAD_USER_INPUT');
      const { createApiKey } = await app.data(CREATE_KEY, { input: { name: 'ci', scopes: ['template:read'], expiresInDays: 1 } }, eve);
      const { key, apiKey } = createApiKey;
      expect(key).toMatch(/^loom_[\da-f]{16}_[\w-]{43}$/);
      expect(key.startsWith(apiKey.prefix)).toBe(true);
      const resolver = app.subgraph.apiKeyResolver!;
      const identity = await resolver.resolve(key);
      expect(identity).toMatchObject({ userId: id, apiKeyId: apiKey.id, roles: [], scopes: ['template:read'] });
      expect(await codeOf(create({ scopes: ['template:read'] }, identity!))).toBe('FORBIDDEN');
      expect((await app.refusal('mutation { logoutEverywhere { endedSessions } }', {}, identity)).code).toBe('FORBIDDEN');
      expect((await app.refusal('{ sessions { id } }', {}, identity)).code).toBe('FORBIDDEN');
      expect((await app.data('{ sessions { id } }', {}, { ...identity!, scopes: ['session:read'] })).sessions).not.toHaveLength(0);
      const stored = await app.stores.relational({ name: 'accounts', entities: [OutboxRow], migrations: [] });
      const rows = await stored.read().execute<object[]>(`select * from ${stored.table('api_key')} where user_id = ?`, [id]);
      expect(JSON.stringify(rows)).not.toContain(key.slice(-43));

      // As a gateway elsewhere asks.
      const elsewhere = async (wanted: string, secretHash: string) =>
        (await app.data(KEY_IDENTITY, { id: wanted, secretHash }, null)).apiKeyIdentity;
      const { secretHash } = digestApiKey(key)!;
      const { userId, scopes, issuedAt, expiresAt } = identity!;
      const told = { userId, scopes, issuedAt: issuedAt.toISOString(), expiresAt: expiresAt.toISOString() };
      expect(await elsewhere(apiKey.id, secretHash)).toEqual(told);
      for (const wrong of ['', '0'.repeat(64), secretHash.toUpperCase(), key, `${secretHash}0`])
        expect(await elsewhere(apiKey.id, wrong)).toBeNull();
      for (const wrong of ['', '0'.repeat(16), key]) expect(await elsewhere(wrong, secretHash)).toBeNull();

      const lastUsed = async () => (await app.data('{ apiKeys { id lastUsedAt } }', {}, eve)).apiKeys[0].lastUsedAt;
      const first = await waitFor(lastUsed, (at) => at !== null);
      app.clock.advance(59_000);
      await resolver.resolve(key);
      expect(await lastUsed()).toBe(first);
      app.clock.advance(2_000);
      await resolver.resolve(key);
      await waitFor(lastUsed, (at) => at !== first);

      for (const other of [
        `${key.slice(0, -1)}!`,
        `loom_${'0'.repeat(16)}_${'a'.repeat(43)}`,
        key.replace(/.$/, (last: string) => (last === 'A' ? 'B' : 'A')),
        'loom_x',
        '',
      ])
        expect(await resolver.resolve(other)).toBeNull();
      app.clock.advance(86_400_000);
      expect(await resolver.resolve(key)).toBeNull();

      const second = (await app.data(CREATE_KEY, { input: { name: 'two', scopes: ['template:read'] } }, eve)).createApiKey;
      expect(await resolver.resolve(second.key)).not.toBeNull();
      const revoke = 'mutation($id: ID!) { revokeApiKey(id: $id) { apiKey { revokedAt } } }';
      expect((await app.refusal(revoke, { id: second.apiKey.id }, { ...eve, userId: 'mallory' })).code).toBe('NOT_FOUND');
      await app.data(revoke, { id: second.apiKey.id }, eve);
      expect(await resolver.resolve(second.key)).toBeNull();
      expect(await elsewhere(second.apiKey.id, digestApiKey(second.key)!.secretHash)).toBeNull();
      expect(app.revoked.at(-1)).toMatchObject({ kind: 'api-key', id: second.apiKey.id });
      const third = (await app.data(CREATE_KEY, { input: { name: 'three', scopes: ['template:read'] } }, eve)).createApiKey;
      await app.data('mutation($id: ID!) { disableUser(id: $id) { user { id } } }', { id }, admin);
      expect(await resolver.resolve(third.key)).toBeNull();
    });

    it('erases a user: nothing is left but ids in the audit log', async () => {
      const id = await app.user('fay@example.com');
      const fay = { ...(await signedIn('fay@example.com')), scopes: ['template:read'] };
      await app.data(CREATE_KEY, { input: { name: 'ci', scopes: ['template:read'] } }, fay);
      await app.data(BEGIN, { password: PASSWORD }, fay);
      const erase = 'mutation($input: EraseUserInput!) { eraseUser(input: $input) { erasedId } }';
      expect((await app.refusal(erase, { input: {} }, fay)).code).toBe('BAD_USER_INPUT');
      expect((await app.refusal(erase, { input: { password: 'something else' } }, fay)).code).toBe('INVALID_CREDENTIALS');
      expect((await app.refusal(erase, { input: { userId: admin.userId } }, fay)).code).toBe('FORBIDDEN');
      expect(await app.data(erase, { input: { password: PASSWORD } }, fay)).toEqual({ eraseUser: { erasedId: id } });
      expect(app.revoked.at(-1)).toMatchObject({ kind: 'user', id });

      const store = await app.stores.relational({ name: 'accounts', entities: [OutboxRow], migrations: [] });
      for (const [table, column] of [
        ['user_account', 'id'],
        ['user_session', 'user_id'],
        ['one_time_token', 'user_id'],
        ['second_factor', 'user_id'],
        ['recovery_code', 'user_id'],
        ['api_key', 'user_id'],
        ['user_role', 'user_id'],
      ] as const)
        expect([table, await store.read().execute(`select * from ${store.table(table)} where ${column} = ?`, [id])]).toEqual([table, []]);
      expect(await store.read().execute(`select * from ${store.table('refresh_token')} where session_id = ?`, [fay.sessionId])).toEqual([]);
      expect(await app.subgraph.relay.whenQuiet(20_000)).toBe(true);
      const graph = await app.stores.graph(['Account', 'User']);
      expect(await graph.node('Account', id)).toBeNull();
      expect((await audit({ resourceId: id, action: 'users.erase' }))[0]).toMatchObject({ actorId: id, outcome: 'ALLOWED' });
      expect((await app.refusal(erase, { input: { userId: id } }, admin)).code).toBe('NOT_FOUND');
      expect((await app.user('fay@example.com')) === id).toBe(false);
    });
  });
}

describe('A5 the throttle, by its settings', () => {
  it('LOGIN_FREE_ATTEMPTS, LOGIN_FIRST_WAIT and LOGIN_PER_NETWORK', async () => {
    await using app = await openAccounts({ env: { LOGIN_FREE_ATTEMPTS: '1', LOGIN_FIRST_WAIT: '7s', LOGIN_PER_NETWORK: '4' } });
    const guess = async (email: string, clientAddress?: string): Promise<unknown> => {
      const { errors } = await app.send(LOGIN, { input: { email, password: 'something else' } }, null, clientAddress);
      const { code, details } = errors![0]!.extensions as { code: string; details?: { retryAfterSeconds: number } };
      return details === undefined ? code : `${code} ${details.retryAfterSeconds}`;
    };
    const codes = [];
    for (let attempt = 0; attempt < 3; attempt++) codes.push(await guess('gus@example.com'));
    expect(codes).toEqual(['INVALID_CREDENTIALS', 'INVALID_CREDENTIALS', 'ACCOUNT_LOCKED 7']);
    const from = [];
    for (let user = 0; user < 5; user++) from.push(await guess(`user${user}@example.com`, '203.0.113.7'));
    expect(from).toEqual([...Array.from({ length: 4 }, () => 'INVALID_CREDENTIALS'), 'RATE_LIMITED 600']);
    expect(await guess('user5@example.com', '198.51.100.1')).toBe('INVALID_CREDENTIALS');
  });
});
