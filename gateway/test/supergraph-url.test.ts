import type { IncomingMessage, RequestListener } from 'node:http';
import { openLoaded, supergraphWith } from './support/open-loaded.js';
import { rawServer } from './support/servers.js';

/** A server whose answer changes with the test; remembers what it was asked. */
async function supergraphServer(first: RequestListener) {
  const script = { answer: first, asked: [] as IncomingMessage[] };
  const server = await rawServer((request, response) => {
    script.asked.push(request);
    script.answer(request, response);
  });
  return Object.assign(script, server);
}

const answering =
  (sdl: string, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': 'text/plain', ...headers }).end(sdl);
const refusing =
  (status: number): RequestListener =>
  (_request, response) =>
    void response.writeHead(status).end();

describe('a supergraph from a URL', () => {
  it.each([
    ['ETag', { etag: '"v1"' }, 'if-none-match', '"v1"'],
    ['date', { 'last-modified': 'Wed, 21 Oct 2026 07:28:00 GMT' }, 'if-modified-since', 'Wed, 21 Oct 2026 07:28:00 GMT'],
  ])('is asked again with its %s, and 304 changes nothing', async (_what, headers, name, value) => {
    await using server = await supergraphServer(answering(supergraphWith(['a']), headers));
    await using opened = await openLoaded({ location: { kind: 'url', url: server.url } });
    server.answer = refusing(304);
    expect(await opened.supergraph.refresh()).toEqual({ kind: 'unchanged' });
    expect(server.asked.map((request) => request.headers[name])).toEqual([undefined, value]);
    server.answer = answering(supergraphWith(['a', 'b']));
    expect(await opened.supergraph.refresh()).toEqual({ kind: 'updated' });
    expect(opened.fields()).toEqual(['a', 'b']);
  });

  it('sends its token as bearer, and to nobody else', async () => {
    await using elsewhere = await supergraphServer(answering(supergraphWith(['a'])));
    await using server = await supergraphServer(
      (_request, response) => void response.writeHead(302, { location: elsewhere.url.replace('127.0.0.1', 'localhost') }).end(),
    );
    await using opened = await openLoaded({ location: { kind: 'url', url: server.url, token: 'registry-token' } });
    expect(server.asked[0]!.headers.authorization).toBe('Bearer registry-token');
    expect(elsewhere.asked[0]!.headers.authorization).toBeUndefined();
    expect(opened.fields()).toEqual(['a']);
  });

  it('polls by itself, and publishes nothing for an answer that stays the same', async () => {
    await using server = await supergraphServer(answering(supergraphWith(['a'])));
    await using opened = await openLoaded({ location: { kind: 'url', url: server.url }, pollIntervalMs: 5 });
    const versions: string[] = [];
    const taken = new Promise<void>((resolve) => {
      opened.supergraph.subscribe(({ supergraphSdl }) => (versions.push(supergraphSdl), resolve()));
    });
    const next = supergraphWith(['a', 'b']);
    server.answer = answering(next);
    await taken;
    const asked = server.asked.length;
    while (server.asked.length < asked + 3) await opened.supergraph.refresh();
    expect(versions).toEqual([next]);
  });

  it.each([
    ['refuses', refusing(500), 'it answered 500'],
    [
      'sends a page',
      ((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')) as RequestListener,
      'text/html',
    ],
    ['cuts the answer off', ((_, response) => response.socket!.destroy()) as RequestListener, 'other side closed'],
    ['is late', (() => {}) as RequestListener, 'no answer within 200 ms'],
  ])('keeps the last good one when the server %s, counts every failure and logs the first', async (_what, answer, reason) => {
    await using server = await supergraphServer(answering(supergraphWith(['a'])));
    await using opened = await openLoaded({ location: { kind: 'url', url: server.url }, timeoutMs: 200 });
    server.answer = answer;
    await opened.supergraph.refresh();
    expect(await opened.supergraph.refresh()).toEqual({ kind: 'unchanged' });
    expect(opened.logger.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { fields: { reason: expect.stringContaining(reason) } },
    ]);
    expect((await opened.metrics.render()).body).toContain('gateway_supergraph_read_failures_total 2');
    expect(opened.fields()).toEqual(['a']);
  });

  it('waits for a server that is still starting', async () => {
    let refusals = 2;
    await using server = await supergraphServer((request, response) =>
      (refusals-- > 0 ? refusing(503) : answering(supergraphWith(['a'])))(request, response),
    );
    await using opened = await openLoaded({ location: { kind: 'url', url: server.url }, startupWaitMs: 10_000 });
    expect([opened.fields(), server.asked.length]).toEqual([['a'], 3]);
  });

  it.each([404, 401])('does not wait after %i: the URL or the token is wrong', async (status) => {
    await using server = await supergraphServer(refusing(status));
    const opening = openLoaded({ location: { kind: 'url', url: server.url }, startupWaitMs: 60_000 });
    await expect(opening).rejects.toThrow(`Supergraph at ${server.url} cannot be read: it answered ${status}.`);
  });

  it('takes a name and password in the URL', async () => {
    await using server = await supergraphServer(answering(supergraphWith(['a'])));
    await using opened = await openLoaded({ location: { kind: 'url', url: server.url.replace('//', '//me:p%40ss@') } });
    expect(server.asked[0]!.headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    expect(opened.fields()).toEqual(['a']);
  });

  it('names the server that is not there, without the password in its URL', async () => {
    const server = await supergraphServer(refusing(200));
    await server[Symbol.asyncDispose]();
    const opening = openLoaded({ location: { kind: 'url', url: server.url.replace('//', '//me:hunter2@') } });
    await expect(opening).rejects.toThrow('cannot be read: connect ECONNREFUSED');
    await expect(opening).rejects.not.toThrow('hunter2');
  });
});
