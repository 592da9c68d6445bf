import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { GraphqlAnswer } from './support/start-gateway.js';
import { MAX_BODY_BYTES, startFront, type TestFront } from './support/start-front.js';

const BODY = '{"query":"{ greeting }"}';
const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as GraphqlAnswer).errors?.[0]?.extensions['code'];

/** Writes bytes as they are, and answers all that comes back until the server ends the connection. */
async function raw(front: TestFront, request: string): Promise<string> {
  const socket = connect(front.port, '127.0.0.1');
  socket.write(request);
  return text(socket);
}

const head = (...lines: readonly string[]): string => `POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
const LENGTH = `content-length: ${BODY.length}`;
const JSON_TYPE = 'content-type: application/json';
const CLOSE = 'connection: close';

describe('request smuggling: what a proxy could read in another way is refused', () => {
  it.each([
    ['two lengths', head('host: x', JSON_TYPE, LENGTH, 'content-length: 3', CLOSE) + BODY],
    ['the same length twice', head('host: x', JSON_TYPE, LENGTH, LENGTH, CLOSE) + BODY],
    ['a list of lengths', head('host: x', JSON_TYPE, `content-length: ${BODY.length}, ${BODY.length}`, CLOSE) + BODY],
    ['a length and chunks', head('host: x', JSON_TYPE, LENGTH, 'transfer-encoding: chunked', CLOSE) + `0\r\n\r\n${BODY}`],
    ['a length with a sign', head('host: x', JSON_TYPE, `content-length: +${BODY.length}`, CLOSE) + BODY],
    ['a length in hexadecimal digits', head('host: x', JSON_TYPE, 'content-length: 0x18', CLOSE) + BODY],
    ['an encoding that is not known', head('host: x', JSON_TYPE, 'transfer-encoding: chunked, identity', CLOSE) + BODY],
    ['an encoding hidden by a tab', head('host: x', JSON_TYPE, LENGTH, 'transfer-encoding:\tchunked', CLOSE) + BODY],
    ['a blank before the colon', head('host: x', JSON_TYPE, `content-length : ${BODY.length}`, CLOSE) + BODY],
    ['a folded header', head('host: x', JSON_TYPE, 'x-a: b\r\n c: d', LENGTH, CLOSE) + BODY],
    ['a line that ends with a line feed alone', `POST /graphql HTTP/1.1\nhost: x\n${JSON_TYPE}\n${LENGTH}\n\n${BODY}`],
    ['a carriage return within a header', head('host: x', JSON_TYPE, 'x-a: b\rtransfer-encoding: chunked', LENGTH, CLOSE) + BODY],
    ['a chunk size that is none', head('host: x', JSON_TYPE, 'transfer-encoding: chunked', CLOSE) + `zz\r\n${BODY}\r\n0\r\n\r\n`],
    ['no host', head(JSON_TYPE, LENGTH, CLOSE) + BODY],
  ])('%s', async (_title, request) => {
    await using front = await startFront();
    const answer = await raw(front, request);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toContain('greeting');
    expect((await front.post(BODY)).status).toBe(200);
  });

  it.each([
    ['two tokens', 'authorization: Bearer a', 'Authorization: Bearer b'],
    ['two types', 'Content-Type: text/plain'],
    ['two hosts', 'Host: y'],
    ['two API keys', 'x-api-key: a', 'X-Api-Key: b'],
    ['two origins', 'origin: https://a.test', 'origin: https://b.test'],
  ])('%s: 400, with the name', async (_title, ...more) => {
    await using front = await startFront();
    const answer = await raw(front, head('host: x', JSON_TYPE, LENGTH, ...more, CLOSE) + BODY);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(front.reports().at(-1)?.['errorCodes'] ?? ['BAD_REQUEST']).toEqual(['BAD_REQUEST']);
  });

  it('a second request hidden in the body is not answered', async () => {
    await using front = await startFront();
    const hidden = `GET /graphql?query=%7Bgreeting%7D HTTP/1.1\r\nhost: x\r\napollo-require-preflight: 1\r\n\r\n`;
    const answer = await raw(front, head('host: x', JSON_TYPE, `content-length: ${BODY.length + hidden.length}`, CLOSE) + BODY + hidden);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('headers that are too large: 431', async () => {
    await using front = await startFront();
    expect(await raw(front, head('host: x', `x-a: ${'a'.repeat(20_000)}`, CLOSE))).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('slow clients', () => {
  it('headers that do not come to their end: 408, and the connection ends', async () => {
    await using front = await startFront({ headersTimeoutMs: 100 });
    const answer = await raw(front, 'POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: ');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('a body that does not come to its end: 408 REQUEST_TIMEOUT, and the connection ends', async () => {
    await using front = await startFront({ requestTimeoutMs: 100 });
    const answer = await raw(front, head('host: x', JSON_TYPE, 'content-length: 1000') + BODY);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toMatch(/connection: close/i);
    expect(answer).toContain('"code":"REQUEST_TIMEOUT"');
    expect(answer).toContain('did not arrive whole within 100 ms');
    expect((await front.metrics.render()).body).toContain('loom_gateway_refusals_total{code="REQUEST_TIMEOUT",reason="bodyTime"} 1');
    expect(front.inFlight.count()).toBe(0);
  });

  it('many slow clients leave the others served', async () => {
    await using front = await startFront({ requestTimeoutMs: 300 });
    const slow = Array.from({ length: 200 }, () => raw(front, head('host: x', JSON_TYPE, 'content-length: 1000') + '{'));
    for (let i = 0; i < 20; i++) expect((await front.post(BODY)).status).toBe(200);
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('bodies', () => {
  it('too large: 413 REQUEST_TOO_LARGE, with the limit and what was counted', async () => {
    await using front = await startFront();
    const response = await front.post(`{"query":"{ greeting }","x":"${'x'.repeat(MAX_BODY_BYTES)}"}`);
    const { errors = [] } = (await response.json()) as GraphqlAnswer;
    expect([response.status, errors]).toEqual([
      413,
      [
        {
          message: expect.stringMatching(/^The body is larger than 10000 bytes: at least \d+\.$/),
          extensions: expect.objectContaining({
            code: 'REQUEST_TOO_LARGE',
            details: { limit: 'bodyBytes', max: MAX_BODY_BYTES, counted: expect.any(Number) },
          }),
        },
      ],
    ]);
    expect((await front.metrics.render()).body).toContain('loom_gateway_refusals_total{code="REQUEST_TOO_LARGE",reason="bodyBytes"} 1');
  });

  it('JSON that nests too deep: 400 before it is parsed, in a body and in a URL', async () => {
    await using front = await startFront({ maxBodyBytes: 100_000 });
    const nested = `{"a":${'['.repeat(1_000)}1${']'.repeat(1_000)}}`;
    for (const response of [
      await front.post(`{"query":"{ greeting }","variables":${nested}}`),
      await front.get(`?query=%7Bgreeting%7D&variables=${encodeURIComponent(nested)}`),
    ]) {
      const { errors = [] } = (await response.json()) as GraphqlAnswer;
      expect([response.status, errors[0]?.message, errors[0]?.extensions['details']]).toEqual([
        400,
        'The JSON of the request nests its objects and lists too deep; at most 64 are allowed.',
        { limit: 'jsonDepth', max: 64 },
      ]);
    }
    expect((await front.metrics.render()).body).toContain('loom_gateway_refusals_total{code="BAD_REQUEST",reason="jsonDepth"} 2');
  });
});

describe('requests that another site’s page could send', () => {
  it.each([
    ['text/plain', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['a multipart form', 'multipart/form-data; boundary=x'],
    ['text/plain that mentions JSON', 'text/plain; application/json'],
    ['two types in one', 'application/json, text/plain'],
    ['two types in one, the other way round', 'text/plain, application/json'],
    ['a type with a parameter that is no charset', 'multipart/mixed; x=application/json'],
    ['none', ''],
  ])('POST as %s: 415, and nothing is executed', async (_title, type) => {
    let executions = 0;
    await using front = await startFront({
      admit: async () => {
        executions += 1;
        return undefined;
      },
    });
    const headers = type === '' ? [] : [`content-type: ${type}`];
    const answer = await raw(front, head('host: x', 'origin: https://evil.test', ...headers, LENGTH, CLOSE) + BODY);
    expect(answer).toMatch(/^HTTP\/1\.1 415 /);
    expect(executions).toBe(0);
  });

  it('GET without a header that makes a browser ask first: 400, counted', async () => {
    await using front = await startFront();
    const response = await fetch(`${front.url}?query=%7Bgreeting%7D`);
    expect([response.status, await codeOf(response)]).toEqual([400, 'BAD_REQUEST']);
    expect((await front.metrics.render()).body).toContain('loom_gateway_refusals_total{code="BAD_REQUEST",reason="crossSite"} 1');
  });
});
