import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { disconnected, eachOf } from '../attack/expect.ts';
import { rawRequest } from '../attack/raw-request.ts';
import type { Target } from '../attack/target.ts';

const QUERY = JSON.stringify({ query: '{ __typename }' });
/** What a front would take for part of the first request's body, and a server behind it for the next request. */
const SMUGGLED = 'GET /health/live HTTP/1.1\r\nHost: smuggled\r\n\r\n';

/** Two well-formed requests on one connection, with chunks and without. */
const control = async ({ client, url }: Target): Promise<Finding> => {
  const { host } = url;
  const first = rawRequest({ host, body: QUERY });
  const second = rawRequest({
    host,
    headers: ['Transfer-Encoding: chunked', 'Connection: close'],
    length: undefined,
    body: `${QUERY.length.toString(16)}\r\n${QUERY}\r\n0\r\n\r\n`,
  });
  const { statuses, text } = await client.raw([first + second]);
  return statuses.join() === '200,200' ? undefined : `two well-formed requests were answered ${statuses.join(', ')}: ${text.slice(0, 300)}`;
};

/** Bytes after which the connection must be closed, with 400 or without a word; what was smuggled is never answered. */
const rawCase = (
  one: Pick<AbuseCase, 'name' | 'from' | 'tries'>,
  forms: (host: string) => Readonly<Record<string, string | Buffer>>,
): AbuseCase => ({
  ...one,
  attack: ({ client, url }) =>
    eachOf(forms(url.host), async (bytes) => disconnected(await client.raw([bytes]), 400, 408, 411, 413, 415, 417, 431, 501, 505)),
  control,
});

const chunked = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

export const smugglingCases: readonly AbuseCase[] = [
  rawCase(
    {
      name: 'smuggling-by-length-and-chunks',
      from: ['RFC 9112 §6.3', 'CVE-2022-32213', 'OWASP GraphQL: request smuggling'],
      tries: 'a body with both a length and chunks, so that two servers see two different ends; 400 and the connection closed',
    },
    (host) => ({
      'CL.TE': rawRequest({ host, length: 6, headers: ['Transfer-Encoding: chunked'], body: `0\r\n\r\n${SMUGGLED}` }),
      'TE.CL': rawRequest({ host, length: 4, headers: ['Transfer-Encoding: chunked'], body: chunked(SMUGGLED) }),
      'CL.0': rawRequest({
        host,
        start: 'POST /graphql HTTP/1.1',
        headers: ['Transfer-Encoding: chunked'],
        length: SMUGGLED.length,
        body: SMUGGLED,
      }),
    }),
  ),
  rawCase(
    {
      name: 'smuggling-by-odd-encodings',
      from: ['CVE-2022-32214', 'CVE-2022-32215', 'CVE-2023-30589', 'RFC 9112 §6.1'],
      tries: 'Transfer-Encoding that only some servers understand: misspelt, twice, in lists, with control characters; 400 and closed',
    },
    (host) =>
      Object.fromEntries(
        [
          'Transfer-Encoding: xchunked',
          'Transfer-Encoding : chunked',
          'Transfer-Encoding: chunked, identity',
          'Transfer-Encoding: identity, cow',
          'Transfer-Encoding: gzip',
          'Transfer-Encoding: chunked\r\nTransfer-Encoding: x',
          'Transfer-Encoding:\u000bchunked',
          'Transfer-Encoding: "chunked"',
          'Transfer-Encoding: chunk',
          '\u0000Transfer-Encoding: chunked',
        ].map((line) => [JSON.stringify(line), rawRequest({ host, headers: [line], length: undefined, body: chunked(QUERY) + SMUGGLED })]),
      ),
  ),
  rawCase(
    {
      name: 'smuggling-by-lengths',
      from: ['RFC 9112 §6.3', 'CVE-2021-22959'],
      tries: 'lengths that differ, come twice, are negative, hexadecimal, signed, lists; 400 and closed',
    },
    (host) =>
      Object.fromEntries(
        ['5\r\nContent-Length: 6', '-1', '+5', '0x10', '5, 6', '5 6', '1e1', '99999999999999999999', '', '５'].map((length) => [
          `Content-Length: ${JSON.stringify(length)}`,
          rawRequest({ host, length: undefined, headers: [`Content-Length: ${length}`], body: QUERY + SMUGGLED }),
        ]),
      ),
  ),
  rawCase(
    {
      name: 'smuggling-by-chunks',
      from: ['CVE-2022-32213', 'CVE-2024-27982', 'RFC 9112 §7.1'],
      tries: 'chunks whose size is no number, overflows, or is not followed by what must follow; closed',
    },
    (host) =>
      Object.fromEntries(
        ['zz\r\n', '-1\r\n', '0x1\r\n', 'fffffffffffffffff\r\n', '1\rX\n', '1;\rx\r\n', ' 1\r\n', `1${QUERY}`, `5\r\n${QUERY}`].map(
          (body) => [
            JSON.stringify(body),
            rawRequest({ host, length: undefined, headers: ['Transfer-Encoding: chunked'], body: body + SMUGGLED }),
          ],
        ),
      ),
  ),
  rawCase(
    {
      name: 'smuggling-by-lines',
      from: ['RFC 9112 §5.2', 'CVE-2023-30589', 'CVE-2022-35256'],
      tries: 'headers that are folded, end with a bare CR, have no name, blanks in their name or null bytes; 400 and closed',
    },
    (host) =>
      Object.fromEntries(
        [
          'X-Fold: a\r\n Authorization: b',
          'X-Bare: a\rTransfer-Encoding: chunked',
          ': empty',
          'Bad Name: x',
          'X-Null: a\u0000b',
          'X-Colon',
          '(x): y',
          'X-\u00e9: y',
        ].map((line) => [JSON.stringify(line), rawRequest({ host, headers: [line], body: QUERY })]),
      ),
  ),
  rawCase(
    {
      name: 'request-line-in-odd-forms',
      from: ['RFC 9112 §3', 'CWE-444'],
      tries: 'other protocols and versions, blanks and control characters in the first line, CONNECT; closed without an answer of data',
    },
    (host) => ({
      'HTTP/0.9': 'GET /graphql\r\n\r\n',
      'HTTP/2 preface': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'HTTP/9.9': rawRequest({ host, start: 'POST /graphql HTTP/9.9', body: QUERY }),
      'null in path': rawRequest({ host, start: 'POST /graphql\u0000 HTTP/1.1', body: QUERY }),
      'method unknown': rawRequest({ host, start: 'HACK /graphql HTTP/1.1', body: QUERY }),
      TLS: Buffer.from('16030100c8010000c40303', 'hex'),
      'no host': 'POST /graphql HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
      connect: `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    }),
  ),
  rawCase(
    {
      name: 'headers-too-large',
      from: ['CWE-400', 'CVE-2018-12121'],
      tries: 'a header of a megabyte, ten thousand headers, a URL of a megabyte; 431 or 400 and closed',
    },
    (host) => ({
      large: rawRequest({ host, headers: [`X-Large: ${'x'.repeat(1_000_000)}`], body: QUERY }),
      many: rawRequest({ host, headers: Array.from({ length: 10_000 }, (_, index) => `X-${index}: x`), body: QUERY }),
      url: rawRequest({ host, start: `GET /graphql?query=${'x'.repeat(1_000_000)} HTTP/1.1`, length: undefined }),
    }),
  ),
];
