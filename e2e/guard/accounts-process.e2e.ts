import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '@loomgraph/testing';
import { runTool } from '../support/run-tool.js';
import { post, START_MS, startServer, type Server } from './start-server.js';

const ADMINISTRATOR = { ADMIN_EMAIL: 'ada@example.com', ADMIN_PASSWORD: 'correct horse battery' };
const ISSUER = { TOKEN_ISSUER: 'https://accounts.test' };
/** Nobody has it. */
const UNUSED_KEY = `loom_${'0'.repeat(16)}_${'a'.repeat(43)}`;
/** 5 s from its last look-up, and what a busy machine takes for one more request. */
const REVOKED_WITHIN_MS = 6_000;

/** By its header, unverified. */
const headerOf = (token: string): { alg: string; kid: string } => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString());

type Data = Record<string, any>; // eslint-disable-line -- what a scenario asked for, it reads

interface Installation {
  readonly gateway: Server;
  /** Undefined where it runs in the gateway's process. */
  readonly accounts: Server | undefined;
}

async function open(where: 'in process' | 'a process of its own', resources: AsyncDisposableStack): Promise<Installation> {
  const isRemote = where === 'a process of its own';
  const accounts = isRemote
    ? resources.use(await startServer('subgraphs/accounts/dist/main.js', { ...ADMINISTRATOR, ...ISSUER }))
    : undefined;
  const gateway = resources.use(
    await startServer('gateway/dist/main.js', {
      ...ISSUER,
      ...(accounts === undefined ? ADMINISTRATOR : { SUBGRAPH_ACCOUNTS_URL: accounts.url }),
      LOOM_DEMO: 'false',
      LOG_LEVEL: 'warn',
    }),
  );
  return { gateway, accounts };
}

describe.each(['in process', 'a process of its own'] as const)('A1 G2 accounts %s', (where) => {
  let installation: Installation;
  const resources = new AsyncDisposableStack();
  beforeAll(async () => {
    installation = await open(where, resources);
  }, START_MS * 2);
  afterAll(() => resources.disposeAsync(), 60_000);

  const ask = (query: string, headers?: Record<string, string>) => post(installation.gateway.url, query, headers);
  const data = async (query: string, headers?: Record<string, string>): Promise<Data> => {
    const { body } = await ask(query, headers);
    if (body.errors) throw new Error(JSON.stringify(body.errors));
    return body.data as Data;
  };
  const refusal = async (query: string, headers?: Record<string, string>) => {
    const { status, body } = await ask(query, headers);
    return { status, data: body.data, code: body.errors?.[0]?.extensions.code };
  };
  const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });
  const bothWays = (key: string) => [bearer(key), { 'x-api-key': key }];
  const login = async () => {
    const input = `{ email: "${ADMINISTRATOR.ADMIN_EMAIL}", password: "${ADMINISTRATOR.ADMIN_PASSWORD}" }`;
    return (await data(`mutation { login(input: ${input}) { ... on LoginPayload { accessToken user { id } } } }`)).login;
  };
  const createKey = async (accessToken: string) =>
    (
      await data(
        `mutation { createApiKey(input: { name: "ci", scopes: ["template:read"] }) { key apiKey { id prefix } } }`,
        bearer(accessToken),
      )
    ).createApiKey;

  it('register, verify by the mail, login, me, logout', async () => {
    const email = 'grace@example.com';
    await data(`mutation { register(input: { email: "${email}", password: "correct horse battery" }) { email } }`);
    const outbox = join((installation.accounts ?? installation.gateway).dataDir, 'outbox.jsonl');
    const mails = await waitFor(
      async () => (await readFile(outbox, 'utf8').catch(() => '')).trim().split('\n'),
      (lines) => lines.some((line) => line.includes(email)),
    );
    const { token } = JSON.parse(mails.findLast((line) => line.includes(email)) ?? '{}') as { token: string };
    const { user } = (await data(`mutation { verifyEmail(token: "${token}") { user { id email } } }`, {})).verifyEmail;
    const signIn = `mutation { login(input: { email: "${email}", password: "correct horse battery" }) { ... on LoginPayload { accessToken refreshToken } } }`;
    const { accessToken, refreshToken } = (await data(signIn)).login;
    expect(await data('{ me { id email } sessions { isCurrent } }', bearer(accessToken))).toEqual({
      me: user,
      sessions: [{ isCurrent: true }],
    });
    expect((await data('mutation { logout { endedSessions } }', bearer(accessToken))).logout).toEqual({ endedSessions: 1 });
    expect((await refusal(`mutation { refresh(refreshToken: "${refreshToken}") { accessToken } }`)).code).toBe('INVALID_TOKEN');
    // In a process of its own accounts shares what is revoked through Redis, which is not there.
    if (installation.accounts !== undefined) return;
    await waitFor(
      () => refusal('{ me { id } }', bearer(accessToken)),
      ({ code }) => code === 'UNAUTHENTICATED',
      REVOKED_WITHIN_MS,
    );
  }, 60_000);

  it('npm run accounts -- rotate-keys makes another key sign; tokens of the one before stay good', async () => {
    const before = (await login()).accessToken;
    const url = installation.gateway.url;
    const { code, out, err } = await runTool('accounts', ['rotate-keys', '--json', '--url', url]);
    expect([code, err]).toEqual([0, '']);
    const after = (await login()).accessToken;
    expect(headerOf(after).kid).toBe((JSON.parse(out) as { keyId: string }).keyId);
    expect(headerOf(before).kid).not.toBe(headerOf(after).kid);
    for (const token of [before, after]) expect((await data('{ me { email } }', bearer(token))).me.email).toBe(ADMINISTRATOR.ADMIN_EMAIL);

    const nobody = await runTool('accounts', ['rotate-keys', '--url', url, '--token', 'none']);
    expect([nobody.code, nobody.out, nobody.err]).toEqual([1, '', expect.stringMatching(/^accounts: UNAUTHENTICATED: /)]);
  }, 240_000);

  it('API keys are made by who signed in, accepted in both headers, and refused within 5 s of being revoked', async () => {
    const { accessToken, user } = await login();
    expect(headerOf(accessToken).alg).toBe('EdDSA');
    expect((await data('{ me { id } }', bearer(accessToken))).me).toEqual(user);

    const { key, apiKey } = await createKey(accessToken);
    for (const headers of bothWays(key)) {
      expect((await data('{ me { id } }', headers)).me).toEqual(user);
      // Wherever it runs, accounts is told that it is a key that asks.
      expect((await refusal(`mutation { revokeApiKey(id: "${apiKey.id}") { apiKey { id } } }`, headers)).code).toBe('FORBIDDEN');
    }
    for (const other of [UNUSED_KEY, `${key.slice(0, -43)}${'a'.repeat(43)}`, 'loom_x'])
      for (const headers of bothWays(other))
        expect(await refusal('{ __typename }', headers)).toEqual({ status: 401, data: undefined, code: 'UNAUTHENTICATED' });

    await data('{ me { id } }', bearer(key));
    const revoke = `mutation { revokeApiKey(id: "${apiKey.id}") { apiKey { revokedAt } } }`;
    expect((await data(revoke, bearer(accessToken))).revokeApiKey.apiKey.revokedAt).toEqual(expect.any(String));
    for (const headers of bothWays(key)) {
      const last = await waitFor(
        () => refusal('{ me { id } }', headers),
        ({ status }) => status === 401,
        REVOKED_WITHIN_MS,
      );
      expect(last).toEqual({ status: 401, data: undefined, code: 'UNAUTHENTICATED' });
    }
    expect((await data('{ me { id } }', bearer(accessToken))).me).toEqual(user);
  }, 60_000);

  it('API keys are looked up by a field that no client can ask for, nor find', async () => {
    const query = `{ apiKeyIdentity(id: "${'0'.repeat(16)}", secretHash: "${'0'.repeat(64)}") { userId } }`;
    const { accessToken } = await login();
    expect((await refusal(query, bearer(accessToken))).code).toBe('GRAPHQL_VALIDATION_FAILED');
    const { names, type } = await data(
      '{ names: __schema { queryType { fields { name } } } type: __type(name: "ApiKeyIdentity") { name } }',
      bearer(accessToken),
    );
    expect(names.queryType.fields.map(({ name }: { name: string }) => name)).toContain('apiKeys');
    expect(names.queryType.fields.map(({ name }: { name: string }) => name)).not.toContain('apiKeyIdentity');
    expect(type).toBeNull();
    if (installation.accounts === undefined) return;
    const direct = await post(installation.accounts.url, query);
    expect([direct.status, direct.body.data, direct.body.errors?.[0]?.extensions.code]).toEqual([401, undefined, 'UNAUTHENTICATED']);
  }, 60_000);

  if (where === 'a process of its own')
    it('API keys end the request with 503 while accounts is away; access tokens go on', async () => {
      const { accessToken } = await login();
      const { key } = await createKey(accessToken);
      await installation.accounts![Symbol.asyncDispose]();
      for (const headers of bothWays(key))
        expect(await refusal('{ __typename }', headers)).toEqual({ status: 503, data: undefined, code: 'SUBGRAPH_UNAVAILABLE' });
      expect(await data('{ __typename }', bearer(accessToken))).toEqual({ __typename: 'Query' });
    }, 60_000);
});
