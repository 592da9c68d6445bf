import { createHash } from 'node:crypto';
import { setImmediate as tick } from 'node:timers/promises';
import type { EngineAnswer } from '../src/execution/engine.js';
import type { PersistedOperations } from '../src/request/persisted-operations.js';
import type { GraphqlAnswer } from './support/start-gateway.js';
import { startFront } from './support/start-front.js';
import { createScriptedEngine, executed, QUERY_REPORT } from './support/test-engine.js';

const codesOf = (answer: unknown): unknown[] => ((answer as GraphqlAnswer).errors ?? []).map(({ extensions }) => extensions['code']);

describe('answers in parts', () => {
  const PARTS = ['{"data":{"a":1},"pending":[{"id":"0","path":[]}],"hasNext":true}', '{"completed":[{"id":"0"}],"hasNext":false}'];
  const multipart = 'multipart/mixed;incrementalSpec=v0.2, application/graphql-response+json';
  const incremental = (parts: AsyncIterable<string>): EngineAnswer => ({ kind: 'incremental', parts, report: QUERY_REPORT });

  it('are framed as the working group writes them', async () => {
    const parts = async function* (): AsyncIterable<string> {
      yield* PARTS;
    };
    const engine = createScriptedEngine(() => incremental(parts()));
    await using front = await startFront({ engine });
    const response = await front.post({ query: '{ a }' }, { accept: multipart });
    expect([response.status, response.headers.get('content-type'), response.headers.get('transfer-encoding')]).toEqual([
      200,
      'multipart/mixed; boundary="-"; incrementalSpec=v0.2',
      'chunked',
    ]);
    const head = 'Content-Type: application/json; charset=utf-8\r\n\r\n';
    expect(await response.text()).toBe(`\r\n---\r\n${head}${PARTS[0]}\r\n---\r\n${head}${PARTS[1]}\r\n-----\r\n`);
    expect(engine.requests[0]!.acceptsIncremental).toBe(true);
  });

  it.each([
    ['*/*', false],
    ['multipart/mixed;deferSpec=20220824,application/json', false],
    ['multipart/mixed, application/json', true],
  ])('%s: %s', async (accept, expected) => {
    const engine = createScriptedEngine(() => executed('{"data":{}}'));
    await using front = await startFront({ engine });
    const response = await front.post({ query: '{ a }' }, { accept });
    expect(engine.requests[0]!.acceptsIncremental).toBe(expected);
    // The engine may still answer whole.
    expect(response.headers.get('content-type')).toContain('json');
    expect(await response.json()).toEqual({ data: {} });
  });

  it('reach the client one by one, each with the boundary that ends it', async () => {
    let next = (): void => {};
    const gate = new Promise<void>((resolve) => (next = resolve));
    const parts = async function* (): AsyncIterable<string> {
      yield PARTS[0]!;
      await gate;
      yield PARTS[1]!;
    };
    await using front = await startFront({ engine: createScriptedEngine(() => incremental(parts())) });
    const response = await front.post({ query: '{ a }' }, { accept: multipart });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    while (!seen.endsWith('\r\n---')) seen += (await reader.read()).value!;
    expect(seen).toContain(PARTS[0]);
    next();
    for (let read = await reader.read(); !read.done; read = await reader.read()) seen += read.value;
    expect(seen.endsWith(`${PARTS[1]}\r\n-----\r\n`)).toBe(true);
  });

  it('end as soon as the client goes away', async () => {
    const returns: Date[] = [];
    const parts: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => {
        let given = false;
        let release = (_result: IteratorResult<string>): void => {};
        return {
          next: async () => {
            if (!given) return ((given = true), { done: false, value: PARTS[0]! });
            return new Promise<IteratorResult<string>>((resolve) => (release = resolve));
          },
          return: async () => {
            returns.push(new Date());
            release({ done: true, value: undefined });
            return { done: true, value: undefined };
          },
        };
      },
    };
    await using front = await startFront({ engine: createScriptedEngine(() => incremental(parts)) });
    const abort = new AbortController();
    const response = await fetch(front.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: multipart },
      body: '{"query":"{ a }"}',
      signal: abort.signal,
    });
    await response.body!.getReader().read();
    expect(returns).toEqual([]);
    abort.abort();
    while (returns.length === 0) await tick();
    while (front.reports().length === 0) await tick();
    expect(front.reports()).toMatchObject([{ wasAborted: true }]);
    expect(front.inFlight.count()).toBe(0);
  });

  it('that break off leave an answer that cannot be taken for whole', async () => {
    let next = (): void => {};
    const gate = new Promise<void>((resolve) => (next = resolve));
    const parts = async function* (): AsyncIterable<string> {
      yield PARTS[0]!;
      await gate;
      throw new Error('gone');
    };
    await using front = await startFront({ engine: createScriptedEngine(() => incremental(parts())) });
    const response = await front.post({ query: '{ a }' }, { accept: multipart });
    next();
    await expect(response.text()).rejects.toThrow('terminated');
    expect(front.logger.lines).toContainEqual(expect.objectContaining({ level: 'error', message: 'Masked error' }));
  });

  it('wait for a client that reads slowly', async () => {
    const large = JSON.stringify({ data: 'x'.repeat(1_000_000) });
    let made = 0;
    const parts = async function* (): AsyncIterable<string> {
      for (; made < 50; made += 1) yield large;
    };
    await using front = await startFront({ engine: createScriptedEngine(() => incremental(parts())) });
    const response = await front.post({ query: '{ a }' }, { accept: multipart });
    for (let turn = 0; turn < 200; turn += 1) await tick();
    expect(made).toBeLessThan(50);
    expect((await response.text()).length).toBeGreaterThan(50_000_000);
    expect(made).toBe(50);
  });
});

describe('compression', () => {
  const long = JSON.stringify({ data: { text: 'lorem ipsum ü '.repeat(500) } });

  it.each([
    ['gzip', 'gzip'],
    ['deflate', 'deflate'],
    ['br;q=1, gzip;q=0.2', 'gzip'],
    ['identity', null],
  ])('%s: %s', async (acceptEncoding, expected) => {
    await using front = await startFront({ engine: createScriptedEngine(() => executed(long)) });
    const response = await front.post({ query: '{ a }' }, { 'accept-encoding': acceptEncoding });
    expect(response.headers.get('content-encoding')).toBe(expected);
    expect(await response.text()).toBe(long);
  });

  it('tells caches that it depends on what the client accepts, and that nobody shall keep it', async () => {
    await using front = await startFront({ engine: createScriptedEngine(() => executed(long)) });
    const { headers } = await front.get('?query={a}', { 'accept-encoding': 'gzip' });
    expect([headers.get('vary'), headers.get('cache-control')]).toEqual(['Accept, Accept-Encoding', 'no-store']);
  });

  it('leaves short answers as they are', async () => {
    await using front = await startFront({ engine: createScriptedEngine(() => executed('{"data":{}}')) });
    const response = await front.post({ query: '{ a }' }, { 'accept-encoding': 'gzip' });
    expect([response.headers.get('content-encoding'), await response.json()]).toEqual([null, { data: {} }]);
  });
});

describe('persisted operations', () => {
  const query = '{ greeting }';
  const hash = createHash('sha256').update(query).digest('hex');
  const named = (sha256Hash: unknown, version: unknown = 1) => ({ persistedQuery: { version, sha256Hash } });
  const search = (extensions: object) => `?extensions=${encodeURIComponent(JSON.stringify(extensions))}`;

  it('are unknown, then sent once, then known, by POST and GET', async () => {
    await using front = await startFront();
    const unknown = await front.post({ extensions: named(hash) });
    expect([unknown.status, unknown.headers.get('cache-control')]).toEqual([200, 'private, no-cache, must-revalidate']);
    expect(await unknown.json()).toMatchObject({
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    expect(codesOf(await (await front.get(search(named(hash)))).json())).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    const data = { data: { greeting: null } };
    expect(await (await front.get(`${search(named(hash))}&query=${encodeURIComponent(query)}`)).json()).toEqual(data);
    expect(await (await front.post({ extensions: named(hash) })).json()).toEqual(data);
    expect(await (await front.get(search(named(hash)))).json()).toEqual(data);
  });

  it.each([
    ['another hash', { query, extensions: named('0'.repeat(64)) }],
    ['a hash in upper case', { query, extensions: named(hash.toUpperCase()) }],
    ['another version', { query, extensions: named(hash, 2) }],
    ['a hash that is no text', { extensions: named(7) }],
  ])('%s: 400', async (_title, body) => {
    await using front = await startFront();
    const response = await front.post(body);
    expect([response.status, codesOf(await response.json())]).toEqual([400, ['BAD_REQUEST']]);
  });

  it('that the engine refuses are not kept', async () => {
    await using front = await startFront();
    const wrong = '{ nope }';
    const extensions = named(createHash('sha256').update(wrong).digest('hex'));
    expect(codesOf(await (await front.post({ query: wrong, extensions })).json())).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(codesOf(await (await front.post({ extensions })).json())).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  it('can be switched off', async () => {
    await using front = await startFront({ persistedOperations: undefined });
    const response = await front.post({ query, extensions: named(hash) });
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { errors: [{ message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }] },
    ]);
  });

  it('a store that fails costs a round trip, not the request', async () => {
    const down = () => Promise.reject(new Error('down'));
    const persistedOperations: PersistedOperations = { get: down, set: down };
    await using front = await startFront({ persistedOperations });
    expect(codesOf(await (await front.post({ extensions: named(hash) })).json())).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect(await (await front.post({ query, extensions: named(hash) })).json()).toEqual({ data: { greeting: null } });
    expect(front.logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });
});

describe('batches', () => {
  const batching = { maxOperations: 3 };

  it('are answered in order, each for itself', async () => {
    await using front = await startFront({ batching });
    const response = await front.post([{ query: 'query A { greeting }' }, { query: 1 }, { query: '{ nope }' }], { 'x-request-id': 'r-1' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject([
      { data: { greeting: null } },
      { errors: [{ message: '"query" must be a string.', extensions: { requestId: 'r-1' } }] },
      { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
    ]);
    expect(front.reports()).toMatchObject([
      { requestId: 'r-1', operationName: 'A', outcome: 'success' },
      { requestId: 'r-1', outcome: 'error', errorCodes: ['BAD_REQUEST'] },
      { requestId: 'r-1', outcome: 'error', errorCodes: ['GRAPHQL_VALIDATION_FAILED'] },
    ]);
  });

  it('are never answered in parts', async () => {
    const engine = createScriptedEngine(() => executed('{"data":{}}'));
    await using front = await startFront({ engine, batching });
    await front.post([{ query: '{ a }' }], { accept: 'multipart/mixed, application/json' });
    expect(engine.requests[0]!.acceptsIncremental).toBe(false);
  });

  it.each([
    ['empty', [], 'holds no operation'],
    ['too large', Array.from({ length: 4 }, () => ({ query: '{ greeting }' })), 'holds 4 operations; at most 3'],
  ])('%s: 400', async (_title, body, reason) => {
    await using front = await startFront({ batching });
    const response = await front.post(body);
    expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ message: expect.stringContaining(reason) }] }]);
  });
});
