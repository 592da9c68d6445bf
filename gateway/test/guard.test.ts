import { createServer } from 'node:http';
import {
  createIdentitySigner,
  createMemoryRevocationList,
  hashBody,
  IDENTITY_HEADER,
  signDevelopmentToken,
  type ApiKeyResolver,
} from '@loomgraph/auth';
import { callerWith, guardedSubgraphs, rolePolicies } from './support/guarded-subgraphs.js';
import { engineSettings } from './support/engine-run.js';
import { createProducts } from './support/sample-subgraphs.js';
import { host } from './support/servers.js';
import { IDENTITY_SECRET } from './support/engine-run.js';
import { bearer, JWT_SECRET, startGateway, type TestGatewayOptions } from './support/start-gateway.js';

const CODE = 'UNAUTHORIZED_FIELD_OR_TYPE';
const sources = () => guardedSubgraphs().map((subgraph) => ({ kind: 'local' as const, subgraph }));
const start = (options: TestGatewayOptions = {}) => startGateway(sources(), { policies: rolePolicies, ...options });
const apiKeys: ApiKeyResolver = {
  resolve: async (key) => (key === 'loom_key' ? { ...callerWith({ scopes: ['report'] }), apiKeyId: 'k1' } : null),
};
const withScopes = async (...scopes: string[]) => ({
  authorization: `Bearer ${await signDevelopmentToken({ secret: JWT_SECRET, userId: 'ada', scopes, tokenId: 't1' })}`,
});

describe('a caller of the gateway', () => {
  it('is answered what the token or the API key is good for', async () => {
    await using test = await start({ apiKeys });
    const query = '{ report { title } me { email } }';
    expect(await test.ask(query)).toMatchObject({
      data: { report: null, me: { email: null } },
      errors: [{ extensions: { code: CODE } }, {}],
    });
    const all = { data: { report: { title: 'All is well' }, me: { email: 'u1@example.com' } } };
    expect(await test.ask(query, { headers: await withScopes('report') })).toEqual(all);
    expect(await test.ask(query, { headers: { 'x-api-key': 'loom_key' } })).toEqual(all);
    expect(await test.ask(query, { headers: { authorization: 'Bearer loom_key' } })).toEqual(all);
    const unknown = await test.send('/graphql', {
      method: 'POST',
      body: JSON.stringify({ query }),
      headers: { 'content-type': 'application/json', 'x-api-key': 'loom_other' },
    });
    expect([unknown.status, unknown.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
  });

  it('is refused as soon as the token is taken back', async () => {
    const revocations = createMemoryRevocationList();
    await using test = await start({ revocations });
    const headers = await withScopes();
    expect((await test.ask('{ me { email } }', { headers })).errors).toBeUndefined();
    await revocations.revoke({ kind: 'token', id: 't1', at: new Date(), until: new Date(Date.now() + 60_000) });
    expect((await test.ask('{ me { email } }', { headers })).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED', details: { reason: 'revoked' } } },
    ]);
  });

  it('never shares an execution with one who may have more', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await using test = await startGateway([{ kind: 'local', subgraph: createProducts({ onTopProducts: () => held }) }], {
      settings: { engine: { ...engineSettings, coalescing: true, fetchSharing: true } },
      apiKeys,
    });
    const query = '{ topProducts { name } caller }';
    const answers = [
      test.ask(query, { headers: await withScopes() }),
      test.ask(query, { headers: await withScopes('admin') }),
      test.ask(query, { headers: { 'x-api-key': 'loom_key' } }),
      test.ask(query),
    ];
    release();
    expect((await Promise.all(answers)).map(({ data }) => data?.['caller'])).toEqual(['ada', 'ada', 'ada', null]);
    expect((await test.metrics.render()).body).toContain('loom_gateway_coalesced_requests_total 0');
  });
});

describe('refusals', () => {
  it('are counted by code, those of single fields too, and errors of subgraphs are not', async () => {
    await using test = await start();
    await test.ask('{ report { title } level }');
    await test.ask('{ nothing }');
    await test.ask('{ me { email } }', { headers: { authorization: 'Bearer x.y.z' } });
    await test.ask('{ me { name } }');
    const { body } = await test.metrics.render();
    const counts = body.split('\n').filter((line) => line.startsWith('loom_gateway_refusals_total'));
    expect(counts.toSorted()).toEqual([
      'loom_gateway_refusals_total{code="GRAPHQL_VALIDATION_FAILED"} 1',
      'loom_gateway_refusals_total{code="UNAUTHENTICATED"} 1',
      `loom_gateway_refusals_total{code="${CODE}"} 1`,
    ]);
  });
});

describe('reading the schema', () => {
  const query = '{ __schema { queryType { name } } }';
  const hidden = 'query Hidden { ...F } fragment F on Query { t: __type(name: "User") { name } }';
  const withRoles = async (...roles: string[]) => ({
    authorization: `Bearer ${await signDevelopmentToken({ secret: JWT_SECRET, userId: 'ada', roles })}`,
  });
  const codes = (answer: { errors?: readonly { extensions: Record<string, unknown> }[] }) =>
    answer.errors?.map(({ extensions }) => extensions['code']);

  it('is for callers with a token where it is "authenticated"', async () => {
    await using test = await start({ settings: { engine: { ...engineSettings, introspection: 'authenticated' } } });
    for (const one of [query, hidden]) {
      expect(codes(await test.ask(one))).toEqual(['UNAUTHENTICATED']);
      expect(codes(await test.ask(one, { headers: await bearer('ada') }))).toBeUndefined();
    }
    expect(codes(await test.ask(query))).toEqual(['UNAUTHENTICATED']); // also once it is compiled for somebody else
    expect(codes(await test.ask('{ __typename me { __typename } }'))).toBeUndefined();
    expect((await test.ask('{ mee { name } }')).errors![0]!.message).not.toContain('Did you mean');
  });

  it('is for callers with a role where it is "role"', async () => {
    await using test = await start({ settings: { engine: { ...engineSettings, introspection: 'role' } } });
    expect(codes(await test.ask(query))).toEqual(['UNAUTHENTICATED']);
    expect(codes(await test.ask(query, { headers: await withRoles('editor') }))).toEqual(['FORBIDDEN']);
    for (const role of ['admin', 'introspection']) expect(codes(await test.ask(query, { headers: await withRoles(role) }))).toBeUndefined();
  });
});

describe('a remote subgraph', () => {
  it('refuses everybody but the gateway: unsigned, signed by others, for others, for another body, and a second time', async () => {
    await using products = await host('remote', createProducts());
    if (products.source.kind !== 'remote') throw new Error('It is remote.');
    const { url } = products.source;
    const body = JSON.stringify({ query: '{ caller }' });
    const post = (identity: string | undefined, text = body) =>
      fetch(url, {
        method: 'POST',
        body: text,
        headers: { 'content-type': 'application/json', ...(identity === undefined ? {} : { [IDENTITY_HEADER]: identity }) },
      });
    const sign = (options: { secret?: string; audience?: string } = {}) =>
      createIdentitySigner({ secret: options.secret ?? IDENTITY_SECRET }).sign(callerWith(), {
        audience: options.audience ?? 'products',
        bodyHash: hashBody(body),
      });
    const reason = async (response: Response) => [
      response.status,
      ((await response.json()) as { errors: { message: string }[] }).errors[0]?.message,
    ];

    expect(await reason(await post(undefined))).toEqual([401, 'The identity header is missing.']);
    expect(await reason(await post(await signDevelopmentToken({ secret: JWT_SECRET, userId: 'root' })))).toEqual([401, expect.any(String)]);
    expect((await reason(await post(sign({ secret: 'another secret of more than 32 bytes' }))))[0]).toBe(401);
    expect(await reason(await post(sign({ audience: 'reviews' })))).toEqual([401, 'The identity header was issued for another audience.']);
    const header = sign();
    expect(await reason(await post(header, JSON.stringify({ query: '{ requestId }' })))).toEqual([
      401,
      'The identity header belongs to another request.',
    ]);
    expect(await (await post(header)).json()).toEqual({ data: { caller: 'ada' } });
    expect(await reason(await post(header))).toEqual([401, 'The identity header was used before.']);
  });

  it('is sent another signature with each request, also with the same one again', async () => {
    const seen: string[] = [];
    await using products = await host('remote', createProducts());
    if (products.source.kind !== 'remote') throw new Error('It is remote.');
    const { url } = products.source;
    const relay = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const identity = String(request.headers[IDENTITY_HEADER]);
        seen.push(identity);
        const headers = { 'content-type': 'application/json', [IDENTITY_HEADER]: identity };
        void fetch(url, { method: 'POST', body: Buffer.concat(chunks), headers })
          .then(async (answer) => response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text()))
          .catch(() => response.destroy());
      });
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    const address = relay.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      await using test = await startGateway([{ kind: 'remote', name: 'products', url: `http://127.0.0.1:${port}/graphql` }]);
      for (const _time of [1, 2, 3])
        expect((await test.ask('{ caller }', { headers: await bearer('ada') })).data).toEqual({ caller: 'ada' });
      expect(seen.length).toBeGreaterThanOrEqual(4);
      expect(new Set(seen).size).toBe(seen.length);
    } finally {
      relay.closeAllConnections();
      relay.close();
    }
  });
});
