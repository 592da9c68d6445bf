import { SigningKeyEntity } from '../src/store/entities.js';
import { LOGIN, openAccounts, PASSWORD, recordBackends, REFRESH, type OpenAccounts } from './support/open-accounts.js';

const NEXT = 'another good password';
const CHANGE = `mutation($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } } }`;
const REQUEST = `mutation($email: String!) { requestPasswordReset(email: $email) { email } }`;
const RESET = `mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { user { id email emailVerified } } }`;
const REGISTER = `mutation($input: RegisterInput!) { register(input: $input) { email } }`;

for (const backend of recordBackends(import.meta.filename)) {
  describe(`A2 passwords on ${backend.name}`, () => {
    let app: OpenAccounts;
    beforeAll(async () => {
      app = await openAccounts({ url: backend.url });
    }, 120_000);
    afterAll(() => app[Symbol.asyncDispose]());

    it('changes the password, ends the other sessions and says so by mail', async () => {
      await app.user('ada@example.com');
      const [mine, other] = [await app.login('ada@example.com'), await app.login('ada@example.com')];
      const as = await app.identity(mine.accessToken);
      const wrong = { currentPassword: 'not the password', newPassword: NEXT };
      expect((await app.refusal(CHANGE, { input: wrong }, as)).code).toBe('INVALID_CREDENTIALS');
      expect((await app.refusal(CHANGE, { input: { currentPassword: PASSWORD, newPassword: NEXT } })).code).toBe('UNAUTHENTICATED');
      await app.data(CHANGE, { input: { currentPassword: PASSWORD, newPassword: NEXT } }, as);
      expect((await app.refusal(REFRESH, { token: other.refreshToken })).reason).toBe('revoked');
      expect((await app.data(REFRESH, { token: mine.refreshToken })).refresh.sessionId).toBe(mine.sessionId);
      expect(app.revoked.map(({ id }) => id)).toContain(other.sessionId);
      expect(app.revoked.map(({ id }) => id)).not.toContain(mine.sessionId);
      await app.subgraph.idle();
      expect(app.subgraph.outbox.at(-1)).toMatchObject({ kind: 'password-changed', to: 'ada@example.com' });
      expect((await app.refusal(LOGIN, { input: { email: 'ada@example.com', password: PASSWORD } })).code).toBe('INVALID_CREDENTIALS');
      expect((await app.login('ada@example.com', NEXT)).sessionId).toBeTruthy();
    });

    it('resets the password by the token of a mail, once, and ends all sessions', async () => {
      await app.user('bob@example.com');
      const { refreshToken, sessionId } = await app.login('bob@example.com');
      await app.data(REQUEST, { email: 'bob@example.com' });
      const first = await app.mailed('bob@example.com', 'reset-password');
      await app.data(REQUEST, { email: 'bob@example.com' });
      const token = await app.mailed('bob@example.com', 'reset-password');
      // A later mail makes the earlier one worthless.
      expect((await app.refusal(RESET, { input: { token: first, newPassword: NEXT } })).reason).toBe('unknown');
      expect((await app.refusal(RESET, { input: { token, newPassword: 'short' } })).code).toBe('BAD_USER_INPUT');
      expect((await app.data(RESET, { input: { token, newPassword: NEXT } })).resetPassword.user.email).toBe('bob@example.com');
      expect((await app.refusal(RESET, { input: { token, newPassword: NEXT } })).reason).toBe('used');
      expect((await app.refusal(REFRESH, { token: refreshToken })).reason).toBe('revoked');
      expect(app.revoked.map(({ id }) => id)).toContain(sessionId);
      expect((await app.login('bob@example.com', NEXT)).sessionId).toBeTruthy();
    });

    it('of two resets with one token at once lets one pass', async () => {
      await app.user('carol@example.com');
      await app.data(REQUEST, { email: 'carol@example.com' });
      const token = await app.mailed('carol@example.com', 'reset-password');
      const answers = await Promise.all([1, 2, 3].map((n) => app.send(RESET, { input: { token, newPassword: `password number ${n}` } })));
      expect(answers.filter(({ errors }) => errors === undefined).length).toBe(1);
    });

    it('lets tokens of mails expire', async () => {
      await app.user('dave@example.com');
      await app.data(REQUEST, { email: 'dave@example.com' });
      const token = await app.mailed('dave@example.com', 'reset-password');
      app.clock.advance(3_600_001);
      expect((await app.refusal(RESET, { input: { token, newPassword: NEXT } })).reason).toBe('expired');
      await app.data(REGISTER, { input: { email: 'erin@example.com', password: PASSWORD } });
      const verification = await app.mailed('erin@example.com', 'verify-email');
      app.clock.advance(86_400_001);
      const verify = `mutation($token: String!) { verifyEmail(token: $token) { user { id } } }`;
      expect((await app.refusal(verify, { token: verification })).reason).toBe('expired');
      await app.data(`mutation { resendVerification(email: "erin@example.com") { email } }`);
      await app.data(verify, { token: await app.mailed('erin@example.com', 'verify-email') });
    });

    it('a reset confirms the address: its mail was read', async () => {
      await app.data(REGISTER, { input: { email: 'frank@example.com', password: PASSWORD } });
      await app.data(REQUEST, { email: 'frank@example.com' });
      const token = await app.mailed('frank@example.com', 'reset-password');
      const { user } = (await app.data(RESET, { input: { token, newPassword: NEXT } })).resetPassword;
      expect(user.emailVerified).toBe(true);
      expect((await app.login('frank@example.com', NEXT)).sessionId).toBeTruthy();
    });

    it.each([
      ['nine char', 'length'],
      ['x'.repeat(129), 'length'],
      ['Grace@Example.com', 'email'],
    ])('refuses the password %s and says why', async (password, reason) => {
      const answer = await app.refusal(REGISTER, { input: { email: 'grace@example.com', password } });
      expect(answer).toEqual({ code: 'BAD_USER_INPUT', reason });
    });

    it('accepts any characters, counted as characters, in whatever form the keyboard sends', async () => {
      await app.user('heidi@example.com', '密码密码密码密码密码');
      await app.login('heidi@example.com', '密码密码密码密码密码');
      await app.user('ivan@example.com', 'Zoe\u0308 and a half'); // decomposed
      await app.login('ivan@example.com', 'Zo\u00eb and a half'); // composed
    });

    it('keeps nothing readable of tokens and passwords', async () => {
      const { refreshToken } = await app.login('heidi@example.com', '密码密码密码密码密码');
      await app.data(REFRESH, { token: refreshToken });
      await app.data(REQUEST, { email: 'heidi@example.com' });
      const mailToken = await app.mailed('heidi@example.com', 'reset-password');
      const store = await app.stores.relational({ name: 'accounts', entities: [SigningKeyEntity], migrations: [] });
      const rows: unknown[] = [];
      for (const table of ['user_account', 'refresh_token', 'one_time_token', 'user_session', 'outbox', 'delivery'])
        rows.push(await store.read().execute(`select * from ${store.table(table)}`));
      const text = JSON.stringify(rows);
      expect(text).toContain('$argon2id$v=19$');
      for (const secret of [refreshToken, mailToken, PASSWORD, '密码密码']) expect(text).not.toContain(secret);
      await store.close();
    });

    it('counts no password that is right as an attempt: who changes it often is not locked out', async () => {
      await app.user('eve@example.com');
      const as = await app.identity((await app.login('eve@example.com')).accessToken);
      let current = PASSWORD;
      for (let change = 1; change <= 7; change++) {
        const newPassword = `password number ${change}`;
        await app.data(CHANGE, { input: { currentPassword: current, newPassword } }, as);
        current = newPassword;
      }
      expect((await app.login('eve@example.com', current)).sessionId).toBeTruthy();
    });

    it('makes hashes anew with the settings of today when their user signs in', async () => {
      const id = await app.user('hugo@example.com');
      const hashOf = async () => (await app.subgraph.reader.usersByIds([id]))[0]?.passwordHash ?? '';
      const before = await hashOf();
      expect(before).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$/);
      await using today = await openAccounts({ env: { ARGON2_MEMORY: '16kb', ARGON2_PASSES: '2' }, stores: app.stores });
      await today.login('hugo@example.com');
      expect(await hashOf()).toMatch(/^\$argon2id\$v=19\$m=16,t=2,p=1\$/);
      await today.login('hugo@example.com');
      const again = await hashOf();
      await today.login('hugo@example.com');
      expect(await hashOf()).toBe(again);
      expect((await app.refusal(LOGIN, { input: { email: 'hugo@example.com', password: 'something else' } })).code).toBe(
        'INVALID_CREDENTIALS',
      );
    });
  });
}
