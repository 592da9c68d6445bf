import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib';
import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { eachOf, passes, refusedWith, shortened, summaryOf } from '../attack/expect.ts';
import { rawRequest } from '../attack/raw-request.ts';
import type { Target } from '../attack/target.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const QUERY = JSON.stringify({ query: '{ __typename }' });
const BOMB_BYTES = 50_000_000;
/** Above the gateway's REQUEST_TIMEOUT and HEADERS_TIMEOUT, as this drill sets them. */
const SLOW_MS = 4_000;

const control = async ({ client }: Target): Promise<Finding> =>
  passes(await client.send({ headers: JSON_TYPE, body: QUERY }), '__typename');

const transportCase = (one: Omit<AbuseCase, 'control'>): AbuseCase => ({ ...one, control });

export const transportCases: readonly AbuseCase[] = [
  transportCase({
    name: 'compressed-bomb',
    from: ['CVE-2024-28101', 'GHSA-cgqf-3cq5-wvcj'],
    tries: `${BOMB_BYTES / 1_000_000} MB of blanks in a few kB, by gzip, deflate, brotli, twice gzip: 415 or 413, and nothing is unpacked`,
    attack({ client }) {
      const bomb = Buffer.concat([Buffer.alloc(BOMB_BYTES, ' '), Buffer.from(QUERY)]);
      const gzip = gzipSync(bomb);
      return eachOf(
        {
          gzip: { encoding: 'gzip', body: gzip },
          'x-gzip': { encoding: 'x-gzip', body: gzip },
          deflate: { encoding: 'deflate', body: deflateSync(bomb) },
          br: { encoding: 'br', body: brotliCompressSync(bomb.subarray(0, 5_000_000)) },
          twice: { encoding: 'gzip, gzip', body: gzipSync(gzip) },
          unknown: { encoding: 'zstd', body: gzip },
          'with identity': { encoding: 'identity, gzip', body: gzip },
        },
        async ({ encoding, body }) =>
          refusedWith(await client.send({ headers: { ...JSON_TYPE, 'content-encoding': encoding }, body }), 415, 413),
      );
    },
  }),
  transportCase({
    name: 'chunks-without-end',
    from: ['CWE-770', 'CVE-2024-43783'],
    tries: 'a body in chunks that says nothing of its length and grows past the limit: 413 and closed before it ends',
    async attack({ client, url }) {
      const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
      const head = rawRequest({ host: url.host, headers: ['Transfer-Encoding: chunked'], length: undefined });
      const { statuses, endedBy } = await client.raw([head, ...Array.from({ length: 200 }, () => chunk)], { timeoutMs: 5_000 });
      if (endedBy === 'timeout') return 'the connection stayed open';
      return statuses.every((status) => status === 413) ? undefined : `answered ${statuses.join(', ')}`;
    },
  }),
  transportCase({
    name: 'slow-headers',
    from: ['CWE-400', 'OWASP: slowloris'],
    tries: 'a header that comes letter by letter: cut off at HEADERS_TIMEOUT, however many letters come',
    async attack({ client, url }) {
      const pieces = [`POST /graphql HTTP/1.1\r\nHost: ${url.host}\r\nX-Slow: `, ...Array.from({ length: 200 }, () => 'x')];
      const { endedBy, statuses } = await client.raw(pieces, { pauseMs: 100, timeoutMs: SLOW_MS });
      if (endedBy === 'timeout') return `still open after ${SLOW_MS} ms`;
      return statuses.every((status) => status === 408 || status === 400) ? undefined : `answered ${statuses.join(', ')}`;
    },
    repeats: false,
  }),
  transportCase({
    name: 'slow-body',
    from: ['CWE-400', 'OWASP: slow POST'],
    tries: 'a body that comes byte by byte: cut off at REQUEST_TIMEOUT, however many bytes come',
    async attack({ client, url }) {
      const head = rawRequest({ host: url.host, length: 10_000 });
      const { endedBy, statuses } = await client.raw([head, ...Array.from({ length: 200 }, () => ' ')], {
        pauseMs: 100,
        timeoutMs: SLOW_MS,
      });
      if (endedBy === 'timeout') return `still open after ${SLOW_MS} ms`;
      return statuses.every((status) => status === 408 || status === 400) ? undefined : `answered ${statuses.join(', ')}`;
    },
    repeats: false,
  }),
  transportCase({
    name: 'silent-connections',
    from: ['CWE-400'],
    tries: 'two hundred connections that say nothing: others are served meanwhile',
    async attack(target) {
      const { client } = target;
      const silent = Array.from({ length: 200 }, () => client.raw([], { timeoutMs: 1_000 }));
      const answer = await client.send({ headers: JSON_TYPE, body: QUERY, timeoutMs: 1_000 });
      await Promise.all(silent);
      return passes(answer, '__typename');
    },
  }),
  transportCase({
    name: 'requests-without-a-pause',
    from: ['CWE-400', 'RFC 9112 §9.3.2'],
    tries: 'hundreds of requests in one piece, without waiting for an answer: each answered in its turn, or the connection closed',
    async attack({ client, url }) {
      const one = rawRequest({ host: url.host, body: QUERY });
      const last = rawRequest({ host: url.host, headers: ['Connection: close'], body: QUERY });
      const { statuses, endedBy } = await client.raw([one.repeat(400) + last], { timeoutMs: 10_000 });
      if (endedBy === 'timeout') return `${statuses.length} of 401 were answered, and the connection stayed open`;
      const odd = statuses.find((status) => status !== 200 && status !== 429);
      return odd === undefined ? undefined : `answered ${odd}`;
    },
  }),
  transportCase({
    name: 'upgrade-of-the-connection',
    from: ['CVE-2026-30241', 'GHSA-vpwc-v33q-mq89', 'CWE-444: h2c smuggling'],
    tries: 'a switch to WebSocket, to h2c or to anything: not switched, and the limits of HTTP are not left behind',
    attack: ({ client, url }) =>
      eachOf(
        {
          // Ours are served, with limits of their own, to pages that CORS allows.
          websocket: [
            'Origin: https://attacker.example',
            'Upgrade: websocket',
            'Connection: Upgrade, close',
            'Sec-WebSocket-Version: 13',
            'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
            'Sec-WebSocket-Protocol: graphql-transport-ws',
          ],
          legacy: [
            'Upgrade: websocket',
            'Connection: Upgrade, close',
            'Sec-WebSocket-Version: 13',
            'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
            'Sec-WebSocket-Protocol: graphql-ws',
          ],
          h2c: ['Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings, close', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'],
          unknown: ['Upgrade: anything', 'Connection: Upgrade, close'],
        },
        async (headers) => {
          const start = 'GET /graphql HTTP/1.1';
          const { statuses, text } = await client.raw([rawRequest({ host: url.host, start, length: undefined, headers })], {
            timeoutMs: 1_000,
          });
          return statuses.includes(101) || text.includes('"data"') ? `answered ${shortened(text)}` : undefined;
        },
      ),
  }),
  transportCase({
    name: 'event-stream-of-a-query',
    from: ['CWE-436', 'GraphQL over SSE'],
    tries:
      'a query and what does not fit the schema, as a stream of events: one answer that ends, or an error, and no connection that stays open',
    async attack({ client, token }) {
      const stream = await client.graphql({ query: '{ __typename }', headers: { accept: 'text/event-stream' } });
      const subscription = await client.graphql({ query: 'subscription { anything }', token: await token() });
      const isWhole = stream.status === 200 && stream.text.endsWith('event: complete\ndata:\n\n');
      return isWhole ? refusedWith(subscription, 400) : `a query was answered ${stream.status}, and not to its end`;
    },
  }),
  transportCase({
    name: 'other-methods',
    from: ['OWASP WSTG: HTTP methods', 'CWE-650'],
    tries: 'PUT, PATCH, DELETE, TRACE, and POST that says it is another method: 405, or the method it has',
    async attack({ client }) {
      for (const method of ['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND']) {
        const finding = refusedWith(
          await client.send({ method, headers: JSON_TYPE, body: method === 'TRACE' ? '' : QUERY }),
          405,
          404,
          400,
        );
        if (finding !== undefined) return `${method}: ${finding}`;
      }
      const mutation = `query=${encodeURIComponent('mutation { deleteTemplate(id: "1") { deletedId } }')}`;
      const overridden = await client.send({
        method: 'GET',
        path: `/graphql?${mutation}`,
        headers: { ...JSON_TYPE, 'x-http-method-override': 'POST', 'x-method-override': 'POST' },
      });
      return refusedWith(overridden, 405);
    },
  }),
  transportCase({
    name: 'paths-in-other-spellings',
    from: ['CVE-2025-27098', 'CWE-22', 'CWE-180'],
    tries:
      'the paths of other things under odd spellings (dots, escapes, null bytes, back slashes, parameters): nothing of the file system, no admin page',
    async attack({ client }) {
      const paths = [
        '/../../etc/passwd',
        '/objects/../../../../etc/passwd',
        '/objects/..%2f..%2f..%2fetc%2fpasswd',
        '/objects/%2e%2e/%2e%2e/etc/passwd',
        '/objects/..%5c..%5cetc%5cpasswd',
        '/objects//etc/passwd',
        '/graphql/..;/metrics/..;/graphql',
        '/graphql%00',
        '/graphql/../objects/%00',
        '//graphql',
        '/%67raphql/',
        '/.env',
        '/.git/config',
        '/server-status',
      ];
      for (const path of paths) {
        const reply = await client.send({ method: 'GET', path, headers: { accept: '*/*' } });
        if (reply.status >= 500 || reply.status === 200 || /root:|DB_|\[core\]/.test(reply.text)) return `${path}: ${summaryOf(reply)}`;
      }
      return undefined;
    },
  }),
  transportCase({
    name: 'object-urls-without-a-grant',
    from: ['CWE-639', 'OWASP API1:2023'],
    tries: 'stored files by a URL that nobody signed, that is signed for another file, or has run out: 403 or 404',
    attack: ({ client }) =>
      eachOf(
        {
          unsigned: '/objects/resumes/1/2/3/file.pdf',
          empty: '/objects/resumes/1/file.pdf?signature=',
          forged: `/objects/resumes/1/file.pdf?method=GET&expires=99999999999&signature=${'0'.repeat(64)}`,
          twice: '/objects/a?signature=a&signature=b',
        },
        async (path) => refusedWith(await client.send({ method: 'GET', path }), 403, 404, 400, 401),
      ),
  }),
  transportCase({
    name: 'host-header-of-another-site',
    from: ['CWE-644', 'PortSwigger: Host header attacks'],
    tries: 'other names in Host and X-Forwarded-Host: no redirect and no link leads there, and nobody is called',
    async attack({ client, listener }) {
      const evil = new URL(listener.url).host;
      const called = listener.calls.length;
      const headers = {
        host: evil,
        'x-forwarded-host': evil,
        'x-forwarded-proto': 'https',
        forwarded: `host=${evil}`,
        'x-original-url': '/metrics',
      };
      for (const path of ['/', '/graphql', '/.well-known/openid-configuration', '/nowhere']) {
        const reply = await client.send({ method: 'GET', path, headers: { ...headers, accept: 'application/json' } });
        const text = `${reply.text} ${reply.headers.location ?? ''}`;
        if (text.includes(evil)) return `${path} leads to ${evil}: ${shortened(text)}`;
      }
      return listener.calls.length === called ? undefined : `the gateway called ${listener.calls.at(-1)}`;
    },
  }),
  transportCase({
    name: 'request-id-into-logs-and-headers',
    from: ['CWE-117', 'CWE-113', 'OWASP GraphQL: CRLF injection'],
    tries: 'request ids and trace contexts with line ends, quotes, markup and a megabyte of length: not taken over',
    attack: ({ client }) =>
      eachOf(
        { markup: '<script>alert(1)</script>', json: '","level":"error', long: 'x'.repeat(5_000), path: '../../x', blank: 'a b' },
        async (id) => {
          const reply = await client.send({ headers: { ...JSON_TYPE, 'x-request-id': id, traceparent: id }, body: QUERY });
          if (reply.status !== 200) return summaryOf(reply);
          return reply.headers['x-request-id'] === id ? `it was taken over: ${id}` : undefined;
        },
      ),
  }),
];
