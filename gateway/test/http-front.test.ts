import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { LoomError, StoreError } from '@loomgraph/core';
import { createIdentify } from '../src/request/identity.js';
import { bearer, type GraphqlAnswer } from './support/start-gateway.js';
import { MAX_BODY_BYTES, startFront } from './support/start-front.js';
import { createScriptedEngine, executed } from './support/test-engine.js';

const GREETING = '{ greeting }';
const ANSWER = { data: { greeting: null } };
const GRAPHQL = 'application/graphql-response+json';
const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as GraphqlAnswer).errors?.[0]?.extensions['code'];

describe('a body that is no request: 400 BAD_REQUEST with a reason', () => {
  it.each([
    ['malformed JSON', '{"query": ', 'not valid JSON'],
    ['nothing', '', 'no body'],
    ['only a byte order mark', '\uFEFF', 'not valid JSON'],
    ['a string', '"{ greeting }"', 'must be a JSON object'],
    ['null', 'null', 'must be a JSON object'],
    ['no query', '{"variables":{}}', 'no "query"'],
    ['an empty query', '{"query":""}', 'no "query"'],
    ['a query that is a number', '{"query":1}', '"query" must be a string'],
    ['an operation name that is a list', '{"query":"{a}","operationName":[]}', '"operationName" must be a string'],
    ['variables that are a list', '{"query":"{a}","variables":[1]}', '"variables" must be an object'],
    ['variables that are a string', '{"query":"{a}","variables":"{}"}', '"variables" must be an object'],
    ['extensions that are a number', '{"query":"{a}","extensions":0}', '"extensions" must be an object'],
    ['a batch', '[{"query":"{a}"}]', 'Batches of operations are not taken'],
    ['a key that would poison prototypes', '{"query":"{a}","variables":{"__proto__":{}}}', 'not valid JSON'],
  ])('%s', async (_title, body, reason) => {
    await using front = await startFront();
    for (const accept of ['*/*', 'application/json', GRAPHQL]) {
      const response = await front.post(body, { accept });
      const requestId = response.headers.get('x-request-id');
      expect([response.status, await response.json()]).toEqual([
        400,
        { errors: [{ message: expect.stringContaining(reason), extensions: { code: 'BAD_REQUEST', requestId } }] },
      ]);
    }
    expect(front.reports().at(-1)).toMatchObject({ status: 400, outcome: 'error', errorCodes: ['BAD_REQUEST'] });
  });
});

describe('status and type of the answer', () => {
  it.each([
    ['syntax', '{', 'GRAPHQL_PARSE_FAILED'],
    ['validation', '{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
    ['operation name', { query: 'query A { greeting }', operationName: 'B' }, 'OPERATION_RESOLUTION_FAILURE'],
    ['variables', { query: 'query($name: String!) { greeting(name: $name) }' }, 'BAD_USER_INPUT'],
  ])('%s: 400, but 200 for a client that asks for application/json by name', async (_title, request, code) => {
    await using front = await startFront();
    const body = typeof request === 'string' ? { query: request } : request;
    const seen = [];
    for (const accept of [GRAPHQL, '*/*', 'application/json']) {
      const response = await front.post(body, { accept });
      seen.push([response.status, response.headers.get('content-type'), await codeOf(response)]);
    }
    expect(seen).toEqual([
      [400, `${GRAPHQL}; charset=utf-8`, code],
      [400, 'application/json; charset=utf-8', code],
      [200, 'application/json; charset=utf-8', code],
    ]);
  });

  it('nothing acceptable: 406', async () => {
    await using front = await startFront();
    const response = await front.post({ query: GREETING }, { accept: 'application/xml' });
    expect([response.status, await codeOf(response)]).toEqual([406, 'BAD_REQUEST']);
  });

  it.each([
    ['none', undefined, 415],
    ['text/plain', 'text/plain', 415],
    ['a form', 'application/x-www-form-urlencoded', 415],
    ['JSON in another charset', 'application/json; charset=iso-8859-1', 415],
    ['no type at all', 'json', 415],
    ['GraphQL text', 'application/graphql', 415],
    ['JSON in UTF-8', 'Application/JSON;charset="UTF-8"', 200],
  ])('content type %s', async (_title, contentType, status) => {
    await using front = await startFront();
    const body = new TextEncoder().encode(JSON.stringify({ query: GREETING }));
    const headers: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
    const response = await fetch(front.url, { method: 'POST', body, headers });
    expect(response.status).toBe(status);
    expect(front.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('a compressed body: 415', async () => {
    await using front = await startFront();
    const response = await front.post({ query: GREETING }, { 'content-encoding': 'gzip' });
    expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, 'identity']);
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('%s: 405 with the methods that are allowed', async (method) => {
    await using front = await startFront();
    const response = await fetch(front.url, { method });
    expect([response.status, response.headers.get('allow'), await codeOf(response)]).toEqual([
      405,
      'GET, HEAD, POST, OPTIONS',
      'BAD_REQUEST',
    ]);
  });

  it('OPTIONS tells the methods and is no operation', async () => {
    await using front = await startFront();
    const response = await fetch(front.url, { method: 'OPTIONS' });
    expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([204, 'GET, HEAD, POST, OPTIONS', '']);
    expect(front.reports()).toEqual([]);
  });

  it.each([
    ['announced', { 'content-length': String(MAX_BODY_BYTES + 1) }, ''],
    ['in chunks', { 'transfer-encoding': 'chunked' }, `${(MAX_BODY_BYTES + 1).toString(16)}\r\n${'x'.repeat(MAX_BODY_BYTES + 1)}\r\n`],
  ])('a body over the limit, %s: 413, and the connection ends', async (_title, headers, body) => {
    await using front = await startFront();
    const head = Object.entries({ host: 'x', 'content-type': 'application/json', ...headers }).map(([name, value]) => `${name}: ${value}`);
    const socket = connect(front.port, '127.0.0.1');
    socket.write(`POST /graphql HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n${body}`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/connection: close/i);
    expect(answer).toContain(`larger than ${MAX_BODY_BYTES} bytes`);
    expect(front.reports()).toMatchObject([{ status: 413, errorCodes: ['REQUEST_TOO_LARGE'] }]);
  });

  it('a body shorter than announced is never executed', async () => {
    const engine = createScriptedEngine(() => executed('{}'));
    await using front = await startFront({ engine });
    const socket = connect(front.port, '127.0.0.1');
    socket.end('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query":"{ a }"}');
    await text(socket);
    expect(engine.requests).toEqual([]);
    while (front.reports().length === 0) await new Promise(setImmediate);
    expect(front.reports()).toMatchObject([{ errorCodes: ['BAD_REQUEST'], wasAborted: true }]);
  });

  it.each(['http://x/graphql', '/graph%71l', '/graphql?'])('takes its path spelled as %s', async (path) => {
    await using front = await startFront();
    const body = `{"query":"${GREETING}"}`;
    const socket = connect(front.port, '127.0.0.1');
    socket.end(`POST ${path} HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK[^]*\{"data":\{"greeting":null\}\}/);
  });

  it.each(['/graphq', '/graphqlx', '/graphql/x'])('leaves %s to others', async (path) => {
    await using front = await startFront();
    const response = await fetch(new URL(path, front.url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    expect([response.status, await codeOf(response)]).toEqual([404, 'NOT_FOUND']);
  });

  it.each(['', 'Host: a b\r\n', 'Host: [::\r\n'])('answers a request whose host header is "%s"', async (hostHeader) => {
    await using front = await startFront();
    const body = `{"query":"${GREETING}"}`;
    const socket = connect(front.port, '127.0.0.1');
    socket.end(`POST /graphql HTTP/1.0\r\n${hostHeader}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK[^]*\{"data":\{"greeting":null\}\}/);
  });
});

describe('POST', () => {
  it('takes what the specification allows: nulls, unknown keys, a byte order mark, any text', async () => {
    const engine = createScriptedEngine(() => executed('{"data":{}}'));
    await using front = await startFront({ engine });
    await front.post('\uFEFF{"query":"{ a(b: \\"ü🏊\\") }","operationName":null,"variables":null,"extensions":null,"other":1}');
    await front.post({ query: 'query A { a }', operationName: 'A', variables: { n: [1] }, extensions: { x: {} } });
    expect(engine.requests).toMatchObject([
      { query: '{ a(b: "ü🏊") }', operationName: undefined, variables: undefined, extensions: undefined, readOnly: false },
      { query: 'query A { a }', operationName: 'A', variables: { n: [1] }, extensions: { x: {} }, readOnly: false },
    ]);
  });

  it.each(['{"data":{"a":"plain"}}', '{"data":{"a":"ü"}}', '{"data":{"a":"🏊 日本"}}'])('writes %s byte for byte', async (body) => {
    await using front = await startFront({ engine: createScriptedEngine(() => executed(body)) });
    const response = await front.post({ query: '{ a }' });
    expect(Number(response.headers.get('content-length'))).toBe(Buffer.byteLength(body));
    expect(await response.text()).toBe(body);
  });

  it('answers many requests on one connection, in order', async () => {
    await using front = await startFront({ engine: createScriptedEngine(({ query }) => executed(JSON.stringify({ data: query }))) });
    const one = (name: string): string => {
      const body = JSON.stringify({ query: name });
      return `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    };
    const socket = connect(front.port, '127.0.0.1');
    socket.end(one('first') + one('second') + one('third'));
    expect([...(await text(socket)).matchAll(/\{"data":"(\w+)"\}/g)].map(([, name]) => name)).toEqual(['first', 'second', 'third']);
    expect(front.inFlight.count()).toBe(0);
  });
});

describe('GET', () => {
  it('reads the parameters from the URL; empty ones are not there', async () => {
    const engine = createScriptedEngine(() => executed('{"data":{}}'));
    await using front = await startFront({ engine });
    await front.get(`?query=${encodeURIComponent('{ a }')}&operationName=A&variables=%7B%22n%22%3A1%7D&extensions=%7B%7D`);
    await front.get('?query=%7B+a+%7D&operationName=&variables=&extensions=');
    expect(engine.requests).toMatchObject([
      { query: '{ a }', operationName: 'A', variables: { n: 1 }, extensions: {}, readOnly: true },
      { query: '{ a }', operationName: undefined, variables: undefined, extensions: undefined, readOnly: true },
    ]);
  });

  it.each([
    ['no query', '', 'no "query"'],
    ['variables that are no JSON', '?query={a}&variables={', '"variables" is not valid JSON'],
    ['variables that are a list', '?query={a}&variables=[]', '"variables" must be an object'],
    ['extensions that are a string', '?query={a}&extensions="x"', '"extensions" must be an object'],
    ['two queries', '?query={a}&query={b}', '"query" may be given once'],
  ])('%s: 400', async (_title, search, reason) => {
    await using front = await startFront();
    const response = await front.get(search);
    expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ message: expect.stringContaining(reason) }] }]);
  });

  it('refuses mutations: 405, whatever the client accepts', async () => {
    await using front = await startFront();
    for (const accept of [GRAPHQL, 'application/json']) {
      const response = await front.get('?query=mutation{forget}', { accept });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    }
  });

  it('HEAD answers as GET, without the body', async () => {
    await using front = await startFront();
    const response = await fetch(`${front.url}?query=${GREETING}`, { method: 'HEAD', headers: { 'apollo-require-preflight': '1' } });
    const length = String(JSON.stringify(ANSWER).length);
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, length, '']);
  });

  it.each([
    ['nothing', {}, 400],
    ['an empty header', { 'apollo-require-preflight': '' }, 400],
    ['the content type of a form', { 'content-type': 'text/plain' }, 400],
    ['a content type that browsers may misread', { 'content-type': 'text/plain; application/json' }, 400],
    ['the content type of JSON', { 'content-type': 'application/json' }, 200],
    ['an operation name', { 'x-apollo-operation-name': 'A' }, 200],
    ['a mark', { 'apollo-require-preflight': '1' }, 200],
  ])('cross-site requests are told by %s', async (_title, headers, status) => {
    await using front = await startFront();
    expect((await fetch(`${front.url}?query=${GREETING}`, { headers: headers as Record<string, string> })).status).toBe(status);
    await using open = await startFront({ csrfPrevention: false });
    expect((await fetch(`${open.url}?query=${GREETING}`, { headers: headers as Record<string, string> })).status).toBe(200);
  });

  it('shows browsers the page where there is no query', async () => {
    await using front = await startFront({ landingPage: { title: 'Test', defaultQuery: '{ __typename }' } });
    const html = { accept: 'text/html,*/*;q=0.8' };
    const page = await fetch(front.url, { headers: html });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('<html');
    expect(front.reports()).toEqual([]);
    const answer = await front.get(`?query=${GREETING}`, html);
    expect(await answer.json()).toEqual(ANSWER);
  });
});

describe('the caller', () => {
  it('is told to the engine, with the headers to pass on', async () => {
    const engine = createScriptedEngine(() => executed('{"data":{}}'));
    await using front = await startFront({ engine, forwardedHeaders: ['x-tenant', 'x-missing'] });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await front.post(
      { query: '{ a }' },
      { ...(await bearer('ada')), 'x-request-id': 'r-1', traceparent, 'x-tenant': 't1', 'x-other': 'o' },
    );
    await front.post({ query: '{ a }' }, { 'x-request-id': 'not sane' });
    expect(engine.requests[0]!.caller).toMatchObject({
      identity: { userId: 'ada' },
      requestId: 'r-1',
      traceparent,
      forwardedHeaders: { 'x-tenant': 't1' },
    });
    expect(Object.keys(engine.requests[0]!.caller.forwardedHeaders!)).toEqual(['x-tenant']);
    expect(engine.requests[1]!.caller).toMatchObject({ identity: null, requestId: expect.stringMatching(/^[\da-f-]{36}$/) });
  });

  it('whose token is not valid gets 401 whatever it accepts, and nothing is executed', async () => {
    const engine = createScriptedEngine(() => executed('{}'));
    await using front = await startFront({ engine });
    const response = await front.post({ query: '{ a }' }, { authorization: 'Bearer x', accept: 'application/json' });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED', details: { reason: 'malformed' } } }],
    });
    expect(engine.requests).toEqual([]);
  });

  it('whose token cannot be judged gets 503', async () => {
    const verify = () => Promise.reject(new StoreError('unavailable', 'identity-provider', 'The keys cannot be fetched.'));
    await using front = await startFront({ identify: createIdentify({ tokenVerifier: { verify } }) });
    const response = await front.post({ query: '{ a }' }, { authorization: 'Bearer x' });
    expect([response.status, await codeOf(response)]).toEqual([503, 'STORE_UNAVAILABLE']);
  });
});

describe('stages before execution', () => {
  it('may refuse an operation', async () => {
    const admit: NonNullable<Parameters<typeof startFront>[0]>['admit'] = async ({ query, caller }) =>
      query === GREETING
        ? undefined
        : {
            kind: 'refused',
            status: 429,
            headers: { 'retry-after': '7' },
            errors: [{ message: 'Slower.', extensions: { code: 'FORBIDDEN', requestId: caller.requestId } }],
            report: { operationName: undefined, operationKind: undefined, outcome: 'error', errorCodes: ['FORBIDDEN'] },
          };
    await using front = await startFront({ admit });
    expect((await front.post({ query: GREETING })).status).toBe(200);
    const refused = await front.post({ query: '{ other }' }, { accept: 'application/json' });
    expect([refused.status, refused.headers.get('retry-after'), await codeOf(refused)]).toEqual([429, '7', 'FORBIDDEN']);
  });

  it('that throw are masked, and logged under the request id', async () => {
    const admit = () => Promise.reject(new Error('password "hunter2" rejected'));
    await using front = await startFront({ admit });
    const response = await front.post({ query: GREETING }, { 'x-request-id': 'r-9' });
    expect([response.status, await response.json()]).toEqual([
      500,
      { errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-9' } }] },
    ]);
    expect(front.logger.lines).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'Masked error', fields: expect.objectContaining({ requestId: 'r-9' }) }),
    );
  });

  it('that throw an error for clients pass it on', async () => {
    const admit = () => Promise.reject(new LoomError('CAPABILITY_NOT_CONFIGURED', 'Set X.', { details: { setting: 'X' } }));
    await using front = await startFront({ admit });
    const response = await front.post({ query: GREETING });
    expect([response.status, await response.json()]).toMatchObject([
      501,
      { errors: [{ message: 'Set X.', extensions: { code: 'CAPABILITY_NOT_CONFIGURED', details: { setting: 'X' } } }] },
    ]);
  });
});

describe('reports', () => {
  it('one line and one count for each request, with what the engine says of it', async () => {
    await using front = await startFront();
    await front.post({ query: 'query Hello { greeting }' }, { 'x-request-id': 'r-1' });
    await front.get('?query={nope}');
    expect(front.reports()).toMatchObject([
      { requestId: 'r-1', method: 'POST', operationName: 'Hello', operationType: 'query', status: 200, outcome: 'success' },
      { method: 'GET', status: 400, outcome: 'error', errorCodes: ['GRAPHQL_VALIDATION_FAILED'] },
    ]);
    const { body } = await front.metrics.render();
    expect(body).toContain('loom_gateway_requests_total{operation="Hello",outcome="success"} 1');
    expect(body).toContain('loom_gateway_requests_total{operation="(invalid)",outcome="error"} 1');
  });

  it('a client that goes away is reported when its answer is ready', async () => {
    let finish = (): void => {};
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const engine = createScriptedEngine(async () => (await gate, executed('{"data":{}}')));
    await using front = await startFront({ engine });
    const abort = new AbortController();
    const asked = fetch(front.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ a }"}',
      signal: abort.signal,
    }).catch((error: Error) => error.name);
    while (engine.requests.length === 0) await new Promise(setImmediate);
    expect(front.inFlight.count()).toBe(1);
    abort.abort();
    expect(await asked).toBe('AbortError');
    while (front.inFlight.count() > 0) await new Promise(setImmediate);
    expect(front.reports()).toEqual([]);
    finish();
    while (front.reports().length === 0) await new Promise(setImmediate);
    expect(front.reports()).toMatchObject([{ operationType: 'query', outcome: 'success', wasAborted: true }]);
    expect(front.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('an operation that never ends does not keep the server from closing', async () => {
    const engine = createScriptedEngine(() => new Promise(() => {}));
    let asked: Promise<string> | undefined;
    {
      await using front = await startFront({ engine });
      asked = front.post({ query: GREETING }).then(
        () => 'answered',
        () => 'cut off',
      );
      while (engine.requests.length === 0) await new Promise(setImmediate);
    }
    expect(await asked).toBe('cut off');
  });

  it('while draining, connections end with their answers', async () => {
    await using front = await startFront({ isDraining: () => true });
    expect((await front.post({ query: GREETING })).headers.get('connection')).toBe('close');
  });
});
