import { randomUUID } from 'node:crypto';
import { OutboxRow } from '@loomgraph/sync';
import { waitFor } from '@loomgraph/testing';
import { admin, deploy, type RunningDeployment } from '../support/deploy.js';
import { farthestDeployments } from '../support/deployments.js';
import { runTool } from '../support/run-tool.js';
import { dropNamespace } from '../../tools/namespace/index.ts';
import { serveAccounts } from './serve-accounts.js';

const PASSWORD = 'correct horse battery';
const REGISTER = `mutation($input: RegisterInput!) { register(input: $input) { email } }`;
const VERIFY = `mutation($token: String!) { verifyEmail(token: $token) { user { id } } }`;
const LOGIN = `mutation($input: LoginInput!) { login(input: $input) { ... on LoginPayload { accessToken refreshToken sessionId user { id email } } } }`;
const REFRESH = `mutation($token: String!) { refresh(refreshToken: $token) { accessToken refreshToken } }`;
const bearer = (accessToken: string) => ({ userId: '', accessToken });
/** The header of a token, as the client that was sent it can read it. */
const headerOf = (token: string): { alg: string; kid: string } =>
  JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString()) as { alg: string; kid: string }; // of our own making
const ME = `{ me { id email } sessions { id isCurrent } }`;
/** A revocation is honoured within 5 s; the rest is for a machine that is busy. */
const REVOKED_WITHIN_MS = 15_000;

for (const deployment of farthestDeployments()) {
  describe(`A1 accounts through the gateway: ${deployment.name}`, () => {
    let app: RunningDeployment;
    const opened = new AsyncDisposableStack();
    beforeAll(async () => {
      if (!deployment.remote) {
        app = opened.use(await deploy(deployment));
        return;
      }
      const { stores } = deployment;
      const namespace = `e2e${randomUUID().slice(0, 6)}`;
      const named: Record<string, string> = Object.keys(stores).length === 0 ? {} : { LOOM_NAMESPACE: namespace };
      if (named['LOOM_NAMESPACE']) opened.defer(async () => void (await dropNamespace(stores, namespace)));
      const { accounts, env } = await serveAccounts(opened, { ...stores, ...named });
      app = opened.use(await deploy(deployment, { ...named, ...env }, accounts));
    }, 150_000);
    afterAll(() => opened.disposeAsync(), 60_000);
    /** Whether gateway and accounts see one list of what is revoked: in one process, or through one Redis. */
    const sharesRevocations = !deployment.remote || deployment.stores['REDIS_URL'] !== undefined;

    const codeOf = async (...request: Parameters<RunningDeployment['send']>) => {
      const { errors } = await app.send(...request);
      return errors?.[0]?.extensions['code'];
    };
    const mailed = async (email: string): Promise<string> => {
      await app.accounts.idle();
      return app.accounts.outbox.findLast((mail) => mail.to === email)?.token ?? '';
    };
    const user = async (email: string): Promise<string> => {
      await app.data(REGISTER, { input: { email, password: PASSWORD } });
      return (await app.data(VERIFY, { token: await mailed(email) })).verifyEmail.user.id as string;
    };
    const login = async (email: string) => (await app.data(LOGIN, { input: { email, password: PASSWORD, client: 'e2e' } })).login;
    const refused = (accessToken: string) =>
      waitFor(
        async () => (await app.send('{ me { id } }', {}, bearer(accessToken))).errors?.[0]?.extensions['code'],
        (code) => code === 'UNAUTHENTICATED',
        REVOKED_WITHIN_MS,
      );

    it('register, verify by the mail, login, me, refresh, reuse revokes, logout', async () => {
      const email = 'ada@example.com';
      await app.data(REGISTER, { input: { email, password: PASSWORD, locale: 'EN' } });
      expect(await codeOf(LOGIN, { input: { email, password: PASSWORD } })).toBe('EMAIL_NOT_VERIFIED');
      const { id } = (await app.data(VERIFY, { token: await mailed(email) })).verifyEmail.user;
      expect(await codeOf(LOGIN, { input: { email, password: 'not the password' } })).toBe('INVALID_CREDENTIALS');

      const first = await login(email);
      expect(headerOf(first.accessToken).alg).toBe('EdDSA');
      expect(first.user).toEqual({ id, email });
      const me = await app.data(ME, {}, bearer(first.accessToken));
      expect(me).toEqual({ me: { id, email }, sessions: [{ id: first.sessionId, isCurrent: true }] });
      expect(await codeOf('{ sessions { id } }')).toBe('UNAUTHENTICATED');

      const second = (await app.data(REFRESH, { token: first.refreshToken })).refresh;
      const third = (await app.data(REFRESH, { token: second.refreshToken })).refresh;
      expect((await app.data('{ me { id } }', {}, bearer(third.accessToken))).me.id).toBe(id);
      const reused = await app.send(REFRESH, { token: first.refreshToken });
      expect(reused.errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_TOKEN', details: { reason: 'reused' } });
      expect(await codeOf(REFRESH, { token: third.refreshToken })).toBe('INVALID_TOKEN');
      if (sharesRevocations) await refused(third.accessToken);

      const again = await login(email);
      const out = await app.data('mutation { logout { endedSessions } }', {}, bearer(again.accessToken));
      expect(out.logout).toEqual({ endedSessions: 1 });
      expect(await codeOf(REFRESH, { token: again.refreshToken })).toBe('INVALID_TOKEN');
      if (sharesRevocations) await refused(again.accessToken);
    }, 90_000);

    it('Y7 a change of one’s profile answers a sync token; registering answers none, whoever has an account', async () => {
      await user('fay@example.com');
      const { accessToken } = await login('fay@example.com');
      const changed = await app.send('mutation { updateProfile(input: { locale: EN }) { user { locale } } }', {}, bearer(accessToken));
      expect(changed.data.updateProfile.user).toEqual({ locale: 'EN' });
      expect(changed.headers.get('sync-token')).toBe(changed.extensions?.['sync'].token);
      expect(changed.headers.get('sync-token')).toMatch(/^[\w-]+$/);
      for (const email of ['fay@example.com', 'gil@example.com']) {
        const { errors, extensions, headers } = await app.send(REGISTER, { input: { email, password: PASSWORD } });
        expect([errors, extensions, headers.get('sync-token')]).toEqual([undefined, undefined, null]);
      }
    }, 60_000);

    it('A5 who guesses is told how long to wait, in the error and in Retry-After', async () => {
      const guess = { input: { email: 'nobody@example.com', password: 'not the password' } };
      let last = await app.send(LOGIN, guess);
      for (let attempts = 1; last.errors?.[0]?.extensions['code'] === 'INVALID_CREDENTIALS' && attempts < 10; attempts += 1)
        last = await app.send(LOGIN, guess);
      const { code, details } = last.errors![0]!.extensions as { code: string; details: { retryAfterSeconds: number } };
      expect(code).toBe('ACCOUNT_LOCKED');
      expect(details.retryAfterSeconds).toBeGreaterThan(0);
      expect([last.status, last.headers.get('retry-after')]).toEqual([200, String(details.retryAfterSeconds)]);
    }, 60_000);

    it('a disabled user is out at once', async () => {
      const id = await user('bob@example.com');
      const { accessToken, refreshToken } = await login('bob@example.com');
      expect(await codeOf(`mutation($id: ID!) { disableUser(id: $id) { user { id } } }`, { id }, bearer(accessToken))).toBe('FORBIDDEN');
      await app.data(`mutation($id: ID!) { disableUser(id: $id) { user { status } } }`, { id }, admin);
      expect(await codeOf(REFRESH, { token: refreshToken })).toBe('INVALID_TOKEN');
      if (sharesRevocations) await refused(accessToken);
    }, 60_000);

    it('tokens of a key that was rotated away stay good, and those of the new key are accepted', async () => {
      await user('carol@example.com');
      const before = await login('carol@example.com');
      const { keyId } = (await app.data('mutation { rotateSigningKeys { keyId } }', {}, admin)).rotateSigningKeys;
      const after = await login('carol@example.com');
      expect(headerOf(after.accessToken).kid).toBe(keyId);
      for (const { accessToken } of [before, after])
        expect((await app.data('{ me { email } }', {}, bearer(accessToken))).me.email).toBe('carol@example.com');
    }, 60_000);

    it('a user’s templates and uses are theirs: the token’s subject is the author', async () => {
      const id = await user('dave@example.com');
      const { accessToken } = await login('dave@example.com');
      const category = `mutation { createTemplateCategory(input: { slug: "accounts", name: "A" }) { category { id } } }`;
      const categoryId = (await app.data(category, {}, admin)).createTemplateCategory.category.id as string;
      const create = `mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { createdBy } } }`;
      const { template } = (await app.data(create, { input: { name: 'T', categoryId } }, bearer(accessToken))).createTemplate;
      expect(template.createdBy).toBe(id);
    }, 60_000);

    if (!deployment.remote)
      it('A4 npm run audit -- verify finds what is edited behind the log’s back, among what real requests left', async () => {
        const id = await user('hal@example.com');
        await login('hal@example.com');
        expect(await codeOf('{ auditLog { totalCount } }', {}, { userId: id })).toBe('FORBIDDEN');
        const verify = () => runTool('audit', ['verify', '--url', app.url]);
        const verified = await verify();
        expect([verified.code, verified.err]).toEqual([0, '']);
        expect(verified.out).toMatch(/^The audit log is intact\.\n\d+ entries checked up to \d+,/);

        const entries = 'query($id: ID!) { auditLog(filter: { action: "users.login", actorId: $id }) { nodes { sequence outcome } } }';
        const { sequence, outcome } = (await app.data(entries, { id }, admin)).auditLog.nodes[0];
        expect(outcome).toBe('ALLOWED');
        const store = await app.stores.relational({ name: 'accounts', entities: [OutboxRow], migrations: [] });
        const edit = (actor: string) =>
          store.transaction((em) =>
            em.execute(`update ${store.table('audit_record')} set actor_user = ? where seq = ?`, [actor, sequence], 'run'),
          );
        await edit('somebody-else');
        const found = await verify();
        expect(found.code).toBe(1);
        expect(found.out).toMatch(new RegExp(` ${sequence} .*EDITED`));
        expect(found.out).toContain('The audit log is NOT intact: 1 findings.');
        await edit(id);
        expect((await app.data('{ verifyAuditLog { intact } }', {}, admin)).verifyAuditLog).toEqual({ intact: true });
      }, 240_000);
  });
}
