import { LOGIN, openAccounts, PASSWORD, recordBackends, REFRESH, type OpenAccounts } from './support/open-accounts.js';

for (const backend of recordBackends(import.meta.filename)) {
  describe(`A1 sessions on ${backend.name}`, () => {
    let app: OpenAccounts;
    beforeAll(async () => {
      app = await openAccounts({ url: backend.url });
    }, 120_000);
    afterAll(() => app[Symbol.asyncDispose]());

    it('registers, confirms by mail, signs in, and says who is calling', async () => {
      const register = `mutation($input: RegisterInput!) { register(input: $input) { email } }`;
      const input = { email: ' Ada@Example.COM ', password: PASSWORD, displayName: 'Ada', locale: 'EN' };
      expect((await app.data(register, { input })).register).toEqual({ email: 'ada@example.com' });
      const credentials = { email: 'ADA@example.com', password: PASSWORD, client: 'web' };
      expect(await app.refusal(LOGIN, { input: credentials })).toEqual({ code: 'EMAIL_NOT_VERIFIED', reason: undefined });

      const token = await app.mailed('ada@example.com', 'verify-email');
      expect(app.subgraph.outbox.at(-1)).toMatchObject({ locale: 'en', subject: 'Confirm your e-mail address' });
      const verify = `mutation($token: String!) { verifyEmail(token: $token) { user { id email emailVerified locale } } }`;
      const { user } = (await app.data(verify, { token })).verifyEmail;
      expect(user).toMatchObject({ email: 'ada@example.com', emailVerified: true, locale: 'EN' });
      expect(await app.refusal(verify, { token })).toEqual({ code: 'INVALID_TOKEN', reason: 'used' });

      const { login } = await app.data(LOGIN, { input: credentials });
      expect(login.user).toEqual({ id: user.id, email: 'ada@example.com', roles: [] });
      const claims = await app.claims(login.accessToken);
      expect(claims).toMatchObject({ sub: user.id, sid: login.sessionId, client_id: 'web', amr: ['pwd'], roles: [], scope: '' });
      expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3_600);
      expect(new Date(login.refreshTokenExpiresAt).getTime() - app.clock.now().getTime()).toBe(86_400_000);

      const identity = await app.identity(login.accessToken);
      expect(await app.data(`{ me { displayName } sessions { id client isCurrent authMethods } }`, {}, identity)).toEqual({
        me: { displayName: 'Ada' },
        sessions: [{ id: login.sessionId, client: 'web', isCurrent: true, authMethods: ['pwd'] }],
      });
    });

    it('answers an unknown address as it answers a wrong password', async () => {
      await app.user('bob@example.com');
      const wrong = await app.send(LOGIN, { input: { email: 'bob@example.com', password: 'something else' } });
      const unknown = await app.send(LOGIN, { input: { email: 'nobody@example.com', password: 'something else' } });
      expect(wrong.errors?.[0]?.extensions['code']).toBe('INVALID_CREDENTIALS');
      expect(JSON.stringify(unknown)).toBe(JSON.stringify(wrong));
    });

    it('tells nobody whether an address is registered, but for its owner', async () => {
      await app.user('carol@example.com');
      const register = `mutation($input: RegisterInput!) { register(input: $input) { email } }`;
      const again = await app.send(register, { input: { email: 'Carol@example.com', password: 'another password' } });
      expect(again).toEqual({ data: { register: { email: 'carol@example.com' } } });
      await app.subgraph.idle();
      expect(app.subgraph.outbox.at(-1)).toMatchObject({ to: 'carol@example.com', kind: 'already-registered', locale: 'zh' });
      expect((await app.login('carol@example.com')).accessToken).toBeTruthy();
      const reset = `mutation($email: String!) { requestPasswordReset(email: $email) { email } resendVerification(email: $email) { email } }`;
      const before = app.subgraph.outbox.length;
      expect(await app.data(reset, { email: 'nobody@example.com' })).toEqual({
        requestPasswordReset: { email: 'nobody@example.com' },
        resendVerification: { email: 'nobody@example.com' },
      });
      await app.subgraph.idle();
      expect(app.subgraph.outbox.length).toBe(before);
    });

    it('confirms the password of the registration whose mail was read', async () => {
      const register = `mutation($input: RegisterInput!) { register(input: $input) { email } }`;
      await app.data(register, { input: { email: 'victim@example.com', password: 'the password of a thief' } });
      await app.data(register, { input: { email: 'victim@example.com', password: PASSWORD } });
      const token = await app.mailed('victim@example.com', 'verify-email');
      await app.data(`mutation($token: String!) { verifyEmail(token: $token) { user { id } } }`, { token });
      expect((await app.login('victim@example.com')).sessionId).toBeTruthy();
      const thief = { email: 'victim@example.com', password: 'the password of a thief' };
      expect((await app.refusal(LOGIN, { input: thief })).code).toBe('INVALID_CREDENTIALS');
    });

    it('rotates refresh tokens, and ends the session of one that is used again', async () => {
      await app.user('dave@example.com');
      const first = await app.login('dave@example.com');
      const second = (await app.data(REFRESH, { token: first.refreshToken })).refresh;
      expect(second).toMatchObject({ sessionId: first.sessionId });
      expect(second.refreshToken).not.toBe(first.refreshToken);
      const third = (await app.data(REFRESH, { token: second.refreshToken })).refresh;
      // The first one is used again: its owner, or a thief, holds a later one.
      expect(await app.refusal(REFRESH, { token: first.refreshToken })).toEqual({ code: 'INVALID_TOKEN', reason: 'reused' });
      expect(await app.refusal(REFRESH, { token: third.refreshToken })).toEqual({ code: 'INVALID_TOKEN', reason: 'revoked' });
      expect(app.revoked).toContainEqual(expect.objectContaining({ kind: 'session', id: first.sessionId }));
      expect(await app.refusal(REFRESH, { token: 'no token of ours' })).toEqual({ code: 'INVALID_TOKEN', reason: 'unknown' });
    });

    it('keeps a client signed in that refreshes many times at once, with one token for all', async () => {
      await app.user('erin@example.com');
      const { refreshToken } = await app.login('erin@example.com');
      const answers = await Promise.all(Array.from({ length: 8 }, () => app.data(REFRESH, { token: refreshToken })));
      const tokens = new Set(answers.map(({ refresh }) => refresh.refreshToken as string));
      expect(tokens.size).toBe(1);
      const [next] = tokens;
      await app.data(REFRESH, { token: next });
      // Now its successor is used as well: whoever comes with the first one has no excuse.
      expect((await app.refusal(REFRESH, { token: refreshToken })).reason).toBe('reused');
    });

    it('takes a second use for theft once the grace is over', async () => {
      await app.user('frank@example.com');
      const { refreshToken } = await app.login('frank@example.com');
      const next = (await app.data(REFRESH, { token: refreshToken })).refresh.refreshToken as string;
      app.clock.advance(10_001);
      expect((await app.refusal(REFRESH, { token: refreshToken })).reason).toBe('reused');
      expect((await app.refusal(REFRESH, { token: next })).reason).toBe('revoked');
    });

    it('refuses a refresh token that has expired, and lets no session live longer than it may', async () => {
      await app.user('grace@example.com');
      const { refreshToken } = await app.login('grace@example.com');
      app.clock.advance(86_400_001);
      expect((await app.refusal(REFRESH, { token: refreshToken })).reason).toBe('expired');
      let latest = (await app.login('grace@example.com')).refreshToken;
      for (let day = 0; day < 30; day++) {
        app.clock.advance(86_000_000);
        latest = (await app.data(REFRESH, { token: latest })).refresh.refreshToken as string;
      }
      app.clock.advance(12_000_001); // thirty days since the login
      expect((await app.refusal(REFRESH, { token: latest })).reason).toBe('expired');
    });

    it('ends one session, the own one, or all', async () => {
      await app.user('heidi@example.com');
      const [a, b, c] = [await app.login('heidi@example.com'), await app.login('heidi@example.com'), await app.login('heidi@example.com')];
      const as = await app.identity(a.accessToken);
      const open = async () => (await app.data(`{ sessions { id } }`, {}, as)).sessions.length as number;
      expect(await open()).toBe(3);
      await app.data(`mutation($id: ID!) { revokeSession(id: $id) { revokedId } }`, { id: b.sessionId }, as);
      expect((await app.refusal(REFRESH, { token: b.refreshToken })).reason).toBe('revoked');
      expect((await app.refusal(`mutation($id: ID!) { revokeSession(id: $id) { revokedId } }`, { id: b.sessionId }, as)).code).toBe(
        'NOT_FOUND',
      );
      expect((await app.data(`mutation { logout { endedSessions } }`, {}, as)).logout).toEqual({ endedSessions: 1 });
      expect((await app.data(`mutation { logout { endedSessions } }`, {}, as)).logout).toEqual({ endedSessions: 0 });
      expect((await app.data(`mutation { logoutEverywhere { endedSessions } }`, {}, as)).logoutEverywhere).toEqual({ endedSessions: 1 });
      expect(await open()).toBe(0);
      const ids = app.revoked.filter(({ kind }) => kind === 'session').map(({ id }) => id);
      expect(ids).toEqual(expect.arrayContaining([a.sessionId, b.sessionId, c.sessionId]));
    });

    it('ends nobody else’s session', async () => {
      await app.user('ivan@example.com');
      await app.user('judy@example.com');
      const ivan = await app.login('ivan@example.com');
      const judy = await app.identity((await app.login('judy@example.com')).accessToken);
      const revoke = `mutation($id: ID!) { revokeSession(id: $id) { revokedId } }`;
      expect((await app.refusal(revoke, { id: ivan.sessionId }, judy)).code).toBe('NOT_FOUND');
      expect((await app.data(REFRESH, { token: ivan.refreshToken })).refresh.sessionId).toBe(ivan.sessionId);
    });
  });
}
