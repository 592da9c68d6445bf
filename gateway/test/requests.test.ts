import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { StoreError } from '@loomgraph/core';
import { createProducts, sdlSubgraph } from './support/sample-subgraphs.js';
import { bearer, startGateway, type GraphqlAnswer, type TestGatewayOptions } from './support/start-gateway.js';
import { engineSettings } from './support/engine-run.js';

const start = (options?: TestGatewayOptions) => startGateway([{ kind: 'local', subgraph: createProducts() }], options);
const json = { 'content-type': 'application/json' };

describe('requests the gateway refuses', () => {
  const post = (body: string, headers: Record<string, string> = json): RequestInit => ({ method: 'POST', body, headers });
  const cases: [string, number, string, string, RequestInit][] = [
    ['malformed JSON', 400, 'BAD_REQUEST', '/graphql', post('{"query": ')],
    ['no body', 400, 'BAD_REQUEST', '/graphql', post('')],
    ['a body without a query', 400, 'BAD_REQUEST', '/graphql', post('{"variables": {}}')],
    ['a batch', 400, 'BAD_REQUEST', '/graphql', post('[{"query": "{ __typename }"}]')],
    ['a key that would poison prototypes', 400, 'BAD_REQUEST', '/graphql', post('{"query": "{ __typename }", "__proto__": {}}')],
    ['variables that are no object', 400, 'BAD_REQUEST', '/graphql', post('{"query": "{ __typename }", "variables": [1]}')],
    ['a text body', 415, 'BAD_REQUEST', '/graphql', post('{"query": "{ __typename }"}', { 'content-type': 'text/plain' })],
    ['a form', 415, 'BAD_REQUEST', '/graphql', post('query=x', { 'content-type': 'application/x-www-form-urlencoded' })],
    ['an oversized body', 413, 'REQUEST_TOO_LARGE', '/graphql', post(JSON.stringify({ query: `{ __typename } #${'x'.repeat(100_000)}` }))],
    ['a cross-site GET', 400, 'BAD_REQUEST', '/graphql?query={__typename}', {}],
    ['a mutation by GET', 405, 'BAD_REQUEST', '/graphql?query=mutation{renameProduct(id:"p1",name:"x"){id}}', { headers: json }],
    [
      'an APQ hash that does not match',
      400,
      'BAD_REQUEST',
      '/graphql',
      post('{"query":"{ __typename }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"0"}}}'),
    ],
    [
      'an unknown APQ hash',
      200,
      'PERSISTED_QUERY_NOT_FOUND',
      '/graphql',
      post('{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"0"}}}'),
    ],
    ['broken GraphQL', 400, 'GRAPHQL_PARSE_FAILED', '/graphql', post('{"query": "{ topProducts {"}')],
    ['an unknown field', 400, 'GRAPHQL_VALIDATION_FAILED', '/graphql', post('{"query": "{ nope }"}')],
    [
      'an unknown operation name',
      400,
      'OPERATION_RESOLUTION_FAILURE',
      '/graphql',
      post('{"query": "query A { __typename }", "operationName": "B"}'),
    ],
    [
      'several operations and no name',
      400,
      'OPERATION_RESOLUTION_FAILURE',
      '/graphql',
      post('{"query": "query A { __typename } query B { __typename }"}'),
    ],
    ['a subscription where the schema has none', 400, 'GRAPHQL_VALIDATION_FAILED', '/graphql', post('{"query": "subscription { x }"}')],
    [
      'a variable of another type',
      400,
      'BAD_USER_INPUT',
      '/graphql',
      post('{"query": "query($n: Int) { topProducts(first: $n) { id } }", "variables": {"n": "x"}}'),
    ],
    ['an unknown path', 404, 'NOT_FOUND', '/nope', {}],
  ];

  it.each(cases)('%s: %i %s', async (_title, status, code, path, init) => {
    await using test = await start();
    const response = await test.send(path, init);
    const body = (await response.json()) as GraphqlAnswer;
    expect([response.status, body.errors![0]!.extensions['code']]).toEqual([status, code]);
    expect(body.errors![0]!.extensions).not.toHaveProperty('stacktrace');
    expect(test.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
    if (path.startsWith('/graphql')) {
      expect(body.errors![0]!.extensions['requestId']).toBe(response.headers.get('x-request-id'));
      expect(test.logger.lines.at(-1)).toMatchObject({ message: 'Request', fields: { status, outcome: 'error', errorCodes: [code] } });
    }
  });

  it('refuses subscriptions of who asks for no stream', async () => {
    const sdl = 'type Query { a: Int } type Subscription { ticks: Int }';
    await using test = await startGateway([{ kind: 'local', subgraph: sdlSubgraph('ticker', sdl, {}) }]);
    expect((await test.ask('subscription { ticks }')).errors).toMatchObject([
      { message: expect.stringContaining('ask for it with "accept: text/event-stream"'), extensions: { code: 'BAD_REQUEST' } },
    ]);
  });

  // HTTP/1.0 probes send no Host, and a URL built from what they send would throw.
  it.each(['', 'Host: a b\r\n', 'Host: [::\r\n'])('answers a request whose host header is "%s"', async (hostHeader) => {
    await using test = await start();
    const body = '{"query":"{ __typename }"}';
    const request = `POST /graphql HTTP/1.0\r\n${hostHeader}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const socket = connect(Number(new URL(test.gateway.url).port), '127.0.0.1');
    socket.end(request);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK[^]*\{"data":\{"__typename":"Query"\}\}/);
  });

  it('answers GET for queries, and a registered APQ hash', async () => {
    await using test = await start();
    const get = await test.send(`/graphql?query=${encodeURIComponent('{ product(id: "p1") { name } }')}`, { headers: { ...json } });
    expect(await get.json()).toEqual({ data: { product: { name: 'Red chair' } } });
    const query = '{ __typename }';
    const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } };
    await test.send('/graphql', post(JSON.stringify({ query, extensions })));
    expect(await (await test.send('/graphql', post(JSON.stringify({ extensions })))).json()).toEqual({ data: { __typename: 'Query' } });
  });
});

describe('identity', () => {
  it.each([
    ['a token of another secret', { authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln' }],
    ['something that is no token', { authorization: 'Bearer x' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
  ])('%s: 401 and nothing is executed', async (_title, headers) => {
    await using test = await start();
    const response = await test.send('/graphql', { method: 'POST', headers: { ...json, ...headers }, body: '{"query":"{ caller }"}' });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect(await response.json()).toEqual({
      errors: [
        {
          message: expect.stringContaining('access token'),
          extensions: { code: 'UNAUTHENTICATED', requestId: response.headers.get('x-request-id'), details: { reason: expect.any(String) } },
        },
      ],
    });
  });

  it('a valid token names the caller; none is anonymous', async () => {
    await using test = await start();
    expect((await test.ask('{ caller product(id: "p1") { ownPrice } }', { headers: await bearer('ada') })).data).toEqual({
      caller: 'ada',
      product: { ownPrice: 42 },
    });
    expect((await test.ask('{ caller }')).data).toEqual({ caller: null });
  });

  it('keys that cannot be fetched are no verdict on the token: 503', async () => {
    const tokenVerifier = {
      verify: () => Promise.reject(new StoreError('unavailable', 'identity-provider', 'The keys cannot be fetched.')),
    };
    await using test = await start({ tokenVerifier });
    const response = await test.send('/graphql', {
      method: 'POST',
      headers: { ...json, authorization: 'Bearer abc' },
      body: '{"query":"{ caller }"}',
    });
    expect([response.status, ((await response.json()) as GraphqlAnswer).errors![0]!.extensions['code']]).toEqual([
      503,
      'STORE_UNAVAILABLE',
    ]);
  });
});

describe('request id', () => {
  it.each([
    ['a sane one is kept', 'abc-123.X:y_z', 'abc-123.X:y_z'],
    ['one with blanks is replaced', 'a b', undefined],
    ['one that is too long is replaced', 'x'.repeat(129), undefined],
    ['none is made up', undefined, undefined],
  ])('%s', async (_title, sent, expected) => {
    await using test = await start();
    const response = await test.send('/graphql', {
      method: 'POST',
      headers: { ...json, ...(sent === undefined ? {} : { 'x-request-id': sent }) },
      body: '{"query":"{ requestId }"}',
    });
    const id = response.headers.get('x-request-id')!;
    expect(id).toMatch(expected === undefined ? /^[\da-f]{8}-[\da-f]{4}-7/ : new RegExp(`^${expected}$`));
    expect(await response.json()).toEqual({ data: { requestId: id } });
  });
});

describe('introspection', () => {
  it('can be switched off, and then error messages do not suggest names either', async () => {
    await using test = await start({ settings: { engine: { ...engineSettings, introspection: 'off' } } });
    expect((await test.ask('{ __schema { types { name } } }')).errors![0]!.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    expect((await test.ask('{ topProduct { id } }')).errors![0]!.message).not.toContain('topProducts');
  });
});

describe('access log and metrics', () => {
  it('one line and one count for each request, with operation, status, outcome and codes', async () => {
    await using test = await start();
    await test.ask('query Shelf { topProducts { name } }', { headers: { 'x-request-id': 'r-1' } });
    await test.ask('query Prices { product(id: "p1") { name secretPrice } }');
    await test.ask('{ __typename }');
    const lines = test.logger.lines.filter(({ message }) => message === 'Request').map(({ fields }) => fields);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({
      requestId: 'r-1',
      method: 'POST',
      operationName: 'Shelf',
      operationType: 'query',
      status: 200,
      outcome: 'success',
    });
    expect(lines[0]!['durationMs']).toEqual(expect.any(Number));
    expect(lines[1]).toMatchObject({ operationName: 'Prices', outcome: 'partial', errorCodes: ['INTERNAL_SERVER_ERROR'] });
    const metrics = await (await test.send('/metrics')).text();
    expect(metrics).toContain('loom_gateway_requests_total{operation="Shelf",outcome="success"} 1');
    expect(metrics).toContain('loom_gateway_requests_total{operation="Prices",outcome="partial"} 1');
    expect(metrics).toContain('loom_gateway_requests_total{operation="(anonymous)",outcome="success"} 1');
    expect(metrics).toContain('loom_gateway_request_duration_seconds_count{operation="Shelf"} 1');
  });

  it('names of operations that are not valid never become labels', async () => {
    await using test = await start();
    await test.ask('query Invented { nope }');
    const metrics = await (await test.send('/metrics')).text();
    expect(metrics).not.toContain('Invented');
    expect(metrics).toContain('loom_gateway_requests_total{operation="(invalid)",outcome="error"} 1');
  });
});
