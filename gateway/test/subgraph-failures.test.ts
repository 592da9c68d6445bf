import type { RequestListener } from 'node:http';
import { createProducts, createReviews, REVIEWS_SDL, sdlSubgraph } from './support/sample-subgraphs.js';
import { host, scriptedSubgraph } from './support/servers.js';
import { startGateway } from './support/start-gateway.js';

const FEDERATION = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])';
const products = () => ({ kind: 'local' as const, subgraph: createProducts() });
const unavailable = {
  message: 'Subgraph "reviews" does not answer; retry later.',
  extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'reviews', requestId: 'r-1' },
};
const headers = { 'x-request-id': 'r-1' };

describe('a remote subgraph that gives no usable answer', () => {
  const answers: [string, string, RequestListener][] = [
    [
      'an HTML page',
      'answered with text/html: <html>proxy</html>',
      (_q, r) => void r.writeHead(200, { 'content-type': 'text/html' }).end('<html>proxy</html>'),
    ],
    [
      'status 502',
      'answered 502 with text/html',
      (_q, r) => void r.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>'),
    ],
    [
      'status 500 with JSON',
      'answered 500 with application/json',
      (_q, r) => void r.writeHead(500, { 'content-type': 'application/json' }).end('{"errors":[{"message":"x"}]}'),
    ],
    ['no content type', 'answered with no content type', (_q, r) => void r.writeHead(200).end('{"data":{}}')],
    [
      'JSON cut off at its end',
      'answered with broken JSON',
      (_q, r) => void r.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"_enti'),
    ],
    [
      'a body cut off by the connection',
      'closed',
      (_q, r) => {
        r.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"data":');
        setImmediate(() => r.destroy());
      },
    ],
    ['JSON that is no result', 'no GraphQL result', (_q, r) => void r.writeHead(200, { 'content-type': 'application/json' }).end('[]')],
    [
      'data that is no object',
      'no GraphQL result',
      (_q, r) => void r.writeHead(200, { 'content-type': 'application/json' }).end('{"data":"x"}'),
    ],
    [
      'errors that are none',
      'no GraphQL result',
      (_q, r) => void r.writeHead(200, { 'content-type': 'application/json' }).end('{"data":null,"errors":["x"]}'),
    ],
    ['a lost connection', 'other side closed', (_q, r) => void r.destroy()],
    ['no answer in time', 'no answer within 1000 ms', () => {}],
  ];

  it.each(answers)('%s: nulls its branch, leaves the others, and the log says why', async (_title, reason, answer) => {
    await using reviews = await scriptedSubgraph('reviews', `${FEDERATION}\n${REVIEWS_SDL}`);
    await using test = await startGateway([products(), reviews.source], { settings: { subgraphTimeoutMs: 1_000, startupWaitMs: 30_000 } });
    reviews.answer = answer;
    const result = await test.ask('{ topProducts { name reviews { body } } latest: latestReview { body } }', { headers });
    expect(result.data).toEqual({
      topProducts: [
        { name: 'Red chair', reviews: null },
        { name: 'Oak table', reviews: null },
      ],
      latest: null,
    });
    expect(result.errors).toHaveLength(2);
    expect(result.errors).toEqual(
      expect.arrayContaining([
        { ...unavailable, path: ['topProducts'] },
        { ...unavailable, path: ['latest'] },
      ]),
    );
    const logged = test.logger.lines.filter(({ message }) => message === 'Field failed');
    expect(logged).toHaveLength(2);
    expect(logged[0]).toMatchObject({ level: 'warn', fields: { subgraph: 'reviews', requestId: 'r-1' } });
    expect(JSON.stringify(logged[0]!.fields['error'])).toContain(reason);
  });

  it('is down: its branch is null, and it serves again once it is back', async () => {
    await using reviews = await scriptedSubgraph('reviews', `${FEDERATION}\n${REVIEWS_SDL}`);
    await using test = await startGateway([products(), reviews.source]);
    reviews.answer = (_request, response) => void response.destroy();
    expect((await test.ask('{ latestReview { body } }', { headers })).errors).toEqual([{ ...unavailable, path: ['latestReview'] }]);
    reviews.answer = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end('{"data":{"latestReview":{"body":"back"}}}');
    expect(await test.ask('{ latestReview { body } }')).toEqual({ data: { latestReview: { body: 'back' } } });
  });

  it('counts and measures its fetches', async () => {
    await using reviews = await scriptedSubgraph('reviews', `${FEDERATION}\n${REVIEWS_SDL}`);
    await using test = await startGateway([products(), reviews.source]);
    await test.ask('{ latestReview { body } topProducts { name } }');
    const metrics = await (await test.send('/metrics')).text();
    expect(metrics).toContain('loom_gateway_subgraph_fetch_errors_total{subgraph="reviews",kind="no_answer"} 1');
    expect(metrics).toContain('loom_gateway_subgraph_fetch_duration_seconds_count{subgraph="reviews"} 1');
    expect(metrics).toContain('loom_gateway_subgraph_fetch_duration_seconds_count{subgraph="products"} 1');
  });
});

describe('identity', () => {
  it('refuses requests that were not signed by the gateway', async () => {
    await using reviews = await host('remote', createReviews());
    const response = await fetch((reviews.source as { url: string }).url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ latestReview { body } }"}',
    });
    expect(await response.text()).not.toContain('Sturdy');
  });
});

describe('a local subgraph', () => {
  it('whose context cannot be made is masked, and leaves other branches intact', async () => {
    const broken = sdlSubgraph('reviews', REVIEWS_SDL, {});
    const subgraph = {
      ...broken,
      createContext: () => {
        throw new Error('pool of vault exhausted');
      },
    };
    await using test = await startGateway([products(), { kind: 'local', subgraph }]);
    const answer = await test.ask('{ topProducts(first: 1) { name } latestReview { body } }', { headers });
    expect(answer).toEqual({
      data: { topProducts: [{ name: 'Red chair' }], latestReview: null },
      errors: [
        {
          message: 'Internal server error',
          path: ['latestReview'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', subgraph: 'reviews', requestId: 'r-1' },
        },
      ],
    });
    expect(JSON.stringify(test.logger.lines)).toContain('pool of vault exhausted');
  });
});
