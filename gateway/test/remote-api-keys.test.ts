import { createHash } from 'node:crypto';
import { createIdentitySigner, createIdentityVerifier, IDENTITY_HEADER, hashBody, type ApiKeyResolver } from '@loomgraph/auth';
import { createMemoryLogger, type MemoryLogger } from '@loomgraph/telemetry';
import { createSubgraphHttp } from '../src/subgraphs/http-call.js';
import { defaultTraffic } from '../src/subgraphs/traffic/traffic-settings.js';
import { createRemoteApiKeys } from '../src/subgraphs/remote-api-keys.js';
import { createProducts } from './support/sample-subgraphs.js';
import { rawServer } from './support/servers.js';
import { IDENTITY_SECRET } from './support/engine-run.js';
import { startGateway } from './support/start-gateway.js';

const SECRET = 'S'.repeat(43);
const ID = '0123456789abcdef';
const KEY = `loom_${ID}_${SECRET}`;
const KNOWN = { userId: 'ada', scopes: ['template:read'], issuedAt: '2026-01-01T00:00:00.000Z', expiresAt: '2099-01-01T00:00:00.000Z' };

interface Asked {
  readonly body: string;
  readonly identity: string;
}

interface Accounts extends AsyncDisposable {
  readonly apiKeys: ApiKeyResolver;
  readonly logger: MemoryLogger;
  readonly asked: Asked[];
  /** JSON text, and its status. */
  answer: [number, string];
}

/** Two failures with their attempts do not open the breaker: what is tested is what comes of each. */
const traffic = { ...defaultTraffic, breaker: { ...defaultTraffic.breaker, failuresInARow: 20 } };

/** A gateway's resolver, and an accounts subgraph that answers what a test says. */
async function openAccounts(): Promise<Accounts> {
  await using opened = new AsyncDisposableStack();
  const asked: Asked[] = [];
  const server = opened.use(
    await rawServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        asked.push({ body: Buffer.concat(chunks).toString(), identity: String(request.headers[IDENTITY_HEADER]) });
        response.writeHead(accounts.answer[0], { 'content-type': 'application/json' }).end(accounts.answer[1]);
      });
    }),
  );
  const http = opened.use(createSubgraphHttp({ signer: createIdentitySigner({ secret: IDENTITY_SECRET }), timeoutMs: 5_000, traffic }));
  const logger = createMemoryLogger();
  const resources = opened.move();
  const accounts: Accounts = {
    apiKeys: createRemoteApiKeys({ http, url: server.url, logger }),
    logger,
    asked,
    answer: [200, JSON.stringify({ data: { apiKeyIdentity: KNOWN } })],
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
  return accounts;
}

const failing = (code: string): [number, string] => [
  200,
  JSON.stringify({ data: { apiKeyIdentity: null }, errors: [{ message: 'no', extensions: { code } }] }),
];

describe('G2 API keys of an accounts subgraph elsewhere', () => {
  it('are asked for by a signed call with the hash of the secret, and are their user without roles', async () => {
    await using accounts = await openAccounts();
    const identity = await accounts.apiKeys.resolve(KEY);
    expect(identity).toEqual({
      ...KNOWN,
      roles: [],
      apiKeyId: ID,
      issuedAt: new Date(KNOWN.issuedAt),
      expiresAt: new Date(KNOWN.expiresAt),
    });
    expect(Object.isFrozen(identity) && Object.isFrozen(identity?.scopes)).toBe(true);
    const [{ body, identity: signed } = { body: '', identity: '' }] = accounts.asked;
    expect(body).not.toContain(SECRET);
    expect(JSON.parse(body).variables).toEqual({ id: ID, secretHash: createHash('sha256').update(SECRET).digest('hex') });
    const verifier = createIdentityVerifier({ secret: IDENTITY_SECRET, audience: 'accounts' });
    expect(await verifier.verifyRequest(signed, { bodyHash: hashBody(body) })).toMatchObject({ identity: null });
  });

  it('are nobody where the subgraph says so, and unasked where they have another form', async () => {
    await using accounts = await openAccounts();
    accounts.answer = [200, '{"data":{"apiKeyIdentity":null}}'];
    expect(await accounts.apiKeys.resolve(KEY)).toBeNull();
    for (const other of ['loom_x', `${KEY}x`, KEY.toUpperCase(), `loom_${ID}_${SECRET}\n`, ''])
      expect(await accounts.apiKeys.resolve(other)).toBeNull();
    expect(accounts.asked).toHaveLength(1);
  });

  it.each([
    ['its stores are away', failing('STORE_UNAVAILABLE'), 'STORE_UNAVAILABLE'],
    ['its stores are late', failing('STORE_TIMEOUT'), 'STORE_UNAVAILABLE'],
    ['it does not know the question', failing('GRAPHQL_VALIDATION_FAILED'), 'SUBGRAPH_ANSWER_INVALID'],
    [
      'it takes the gateway for somebody else',
      [401, '{"errors":[{"message":"no","extensions":{"code":"UNAUTHENTICATED"}}]}'],
      'SUBGRAPH_UNAVAILABLE',
    ],
    ['it is broken', [502, '{}'], 'SUBGRAPH_UNAVAILABLE'],
    ['it says nothing', [200, '{"data":{}}'], 'SUBGRAPH_ANSWER_INVALID'],
    [
      'it leaves out whom a key is for',
      [200, JSON.stringify({ data: { apiKeyIdentity: { ...KNOWN, userId: '' } } })],
      'SUBGRAPH_ANSWER_INVALID',
    ],
    ['its dates are none', [200, JSON.stringify({ data: { apiKeyIdentity: { ...KNOWN, expiresAt: 'soon' } } })], 'SUBGRAPH_ANSWER_INVALID'],
  ] as const)('cannot be told while %s', async (_what, [status, body], code) => {
    await using accounts = await openAccounts();
    accounts.answer = [status, body];
    await expect(accounts.apiKeys.resolve(KEY)).rejects.toMatchObject({ code });
    await expect(accounts.apiKeys.resolve(KEY)).rejects.toMatchObject({ code });
    accounts.answer = [200, '{"data":{"apiKeyIdentity":null}}'];
    await accounts.apiKeys.resolve(KEY);
    // Once for each outage, however many come with a key.
    expect(accounts.logger.lines).toMatchObject([
      { level: 'error', message: 'API keys cannot be asked for' },
      { level: 'info', message: 'API keys can be asked for again' },
    ]);
    expect(JSON.stringify(accounts.logger.lines)).not.toContain(SECRET);
  });

  it('end the request with 503 while they cannot be told, and anonymous callers are not concerned', async () => {
    await using accounts = await openAccounts();
    const { apiKeys } = accounts;
    await using test = await startGateway([{ kind: 'local', subgraph: createProducts() }], { apiKeys });
    const ask = async (headers: Record<string, string>) => {
      const body = JSON.stringify({ query: '{ caller }' });
      const response = await test.send('/graphql', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
      return [response.status, await response.json()];
    };
    expect(await ask({ 'x-api-key': KEY })).toEqual([200, { data: { caller: 'ada' } }]);
    accounts.answer = [502, '{}'];
    for (const headers of [{ 'x-api-key': KEY }, { authorization: `Bearer ${KEY}` }] as Record<string, string>[])
      expect(await ask(headers)).toMatchObject([503, { errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] }]);
    expect(await ask({})).toEqual([200, { data: { caller: null } }]);
  });
});
