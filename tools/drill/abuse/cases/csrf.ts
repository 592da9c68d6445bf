import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { eachOf, passes, refused, refusedWith, summaryOf } from '../attack/expect.ts';
import type { Target } from '../attack/target.ts';

const QUERY = JSON.stringify({ query: '{ __typename }' });
const SEARCH = `/graphql?query=${encodeURIComponent('{ __typename }')}`;
const EVIL = 'https://evil.example';

/** What a page of ours sends, by POST and by GET. */
const control = async ({ client }: Target): Promise<Finding> =>
  passes(await client.send({ headers: { 'content-type': 'application/json; charset=utf-8' }, body: QUERY }), '__typename') ??
  passes(await client.send({ method: 'GET', path: SEARCH, headers: { 'apollo-require-preflight': 'true' } }), '__typename');

const csrfCase = (one: Pick<AbuseCase, 'name' | 'from' | 'tries' | 'attack'>): AbuseCase => ({ ...one, control });

export const csrfCases: readonly AbuseCase[] = [
  csrfCase({
    name: 'csrf-by-form',
    from: ['OWASP GraphQL: CSRF', 'GHSA-3fjj-p79j-c9hh', 'CVE-2025-64166'],
    tries: 'what a form of another site can send without asking: urlencoded, plain text, multipart, no type; 415',
    attack: ({ client }) =>
      eachOf<readonly [string | undefined, string]>(
        {
          urlencoded: ['application/x-www-form-urlencoded', `query=${encodeURIComponent('{ __typename }')}`],
          text: ['text/plain', QUERY],
          'text as JSON': ['text/plain; application/json', QUERY],
          'json suffix': ['text/plain; charset=application/json', QUERY],
          none: [undefined, QUERY],
          empty: ['', QUERY],
          graphql: ['application/graphql', '{ __typename }'],
        },
        async ([type, body]) =>
          refusedWith(
            await client.send({ headers: { origin: EVIL, ...(type === undefined ? {} : { 'content-type': type }) }, body }),
            415,
            400,
          ),
      ),
  }),
  csrfCase({
    name: 'csrf-by-multipart-upload',
    from: ['GHSA-2p3c-p3qw-69r4', 'CVE-2024-47082', 'GHSA-79gp-q4wv-33fr'],
    tries: 'the form of GraphQL uploads, which browsers send to other sites without asking; 415',
    async attack({ client }) {
      const parts = [
        ['operations', QUERY],
        ['map', '{"0":["variables.file"]}'],
        ['0', 'content'],
      ];
      const body = `${parts.map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('')}--b--\r\n`;
      return refusedWith(await client.send({ headers: { 'content-type': 'multipart/form-data; boundary=b', origin: EVIL }, body }), 415);
    },
  }),
  csrfCase({
    name: 'csrf-by-link',
    from: ['OWASP GraphQL: CSRF', 'Apollo Server: CSRF prevention'],
    tries: 'a GET that a link, an image or a script of another site makes; 400',
    attack: ({ client }) =>
      eachOf<Readonly<Record<string, string>>>(
        {
          plain: {},
          image: { accept: 'image/*' },
          navigation: { 'sec-fetch-mode': 'navigate', accept: 'text/html' },
          empty: { 'x-apollo-operation-name': '' },
        },
        async (headers) =>
          refused(await client.send({ method: 'GET', path: SEARCH, headers: { origin: EVIL, ...headers } }), ['BAD_REQUEST']),
      ),
  }),
  csrfCase({
    name: 'csrf-by-link-with-a-content-type',
    from: ['GHSA-9q82-xgwf-vj6h'],
    tries: 'a GET with a content type that one browser lets other sites send without asking (message/…, plain text, rubbish); 400 or 415',
    attack: ({ client }) =>
      eachOf(
        {
          message: 'message/x; application/json',
          text: 'text/plain',
          graphql: 'application/graphql',
          list: 'text/plain, application/json',
          rubbish: 'application/json/x',
          parameter: 'text/plain; a=application/json',
        },
        async (type) =>
          refusedWith(await client.send({ method: 'GET', path: SEARCH, headers: { 'content-type': type, origin: EVIL } }), 400, 415),
      ),
  }),
  csrfCase({
    name: 'mutation-by-get',
    from: ['OWASP GraphQL: CSRF', 'GraphQL over HTTP §GET'],
    tries: 'a mutation by GET, even with all headers of a real client; 405, and nothing is written',
    async attack({ client, token, tag, random }) {
      const mutation = `mutation { createTemplateCategory(input: { slug: "${tag}", name: "by get ${random.integer(1, 9)}" }) { category { id } } }`;
      const authorization = `Bearer ${await token({ roles: ['admin'] })}`;
      const reply = await client.send({
        method: 'GET',
        path: `/graphql?query=${encodeURIComponent(mutation)}`,
        headers: { 'content-type': 'application/json', authorization },
      });
      const { data } = await client.graphql({ query: '{ templateCategories { slug } }' });
      if (JSON.stringify(data).includes(`"${tag}"`)) return 'the category was written';
      return refusedWith(reply, 405);
    },
  }),
  csrfCase({
    name: 'content-type-in-odd-forms',
    from: ['CVE-2025-32442', 'CVE-2026-25223', 'CWE-436'],
    tries: 'content types that one parser takes for JSON and another for something else: tabs, lists, twice, other suffixes; 415 or 400',
    attack: ({ client }) =>
      eachOf<string | readonly string[]>(
        {
          tab: 'application/json\ta',
          list: 'text/plain, application/json',
          twice: ['text/plain', 'application/json'],
          suffix: 'application/vnd.api+json',
          longer: 'application/jsonp',
          prefix: 'x-application/json',
          quoted: '"application/json"',
          script: 'application/javascript',
        },
        async (type) => refusedWith(await client.send({ headers: { 'content-type': type }, body: QUERY }), 415, 400),
      ),
  }),
  csrfCase({
    name: 'charset-of-another-time',
    from: ['CVE-2026-23897', 'GHSA-mp6q-xf9x-fwf7'],
    tries: 'bodies in UTF-7, UTF-16, UTF-32, EBCDIC and charsets nobody knows; 415, and no decoder is tried',
    attack: ({ client }) =>
      eachOf<readonly [string, Buffer | string]>(
        {
          'utf-16': ['utf-16', Buffer.from(`\ufeff${QUERY}`, 'utf16le')],
          'utf-16be': ['utf-16be', Buffer.from(QUERY, 'utf16le').swap16()],
          'utf-7': ['utf-7', '+AHs-"query":"+AHs- __typename +AH0-"+AH0-'],
          'utf-32': ['utf-32', Buffer.concat([...QUERY].map((letter) => Buffer.from([letter.charCodeAt(0), 0, 0, 0])))],
          ebcdic: ['cp037', QUERY],
          gb18030: ['gb18030', QUERY],
          latin1: ['iso-8859-1', QUERY],
          unknown: [`x-${'x'.repeat(2_000)}`, QUERY],
          twice: ['utf-16; charset=utf-8', QUERY],
        },
        async ([charset, body]) =>
          refusedWith(await client.send({ headers: { 'content-type': `application/json; charset=${charset}` }, body }), 415, 400),
      ),
  }),
  csrfCase({
    name: 'cors-for-anybody',
    from: ['OWASP WSTG: CORS', 'CWE-942'],
    tries: 'another site, "null", a look-alike and a suffix of ours as Origin: no permission is given, none with credentials',
    attack: ({ client, url }) =>
      eachOf(
        {
          other: EVIL,
          null: 'null',
          suffix: `${url.origin}.evil.example`,
          scheme: url.origin.replace('http:', 'https:'),
          port: `http://${url.hostname}:1`,
          file: 'file://',
        },
        async (origin) => {
          const preflight = await client.send({
            method: 'OPTIONS',
            headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,authorization' },
          });
          const real = await client.send({ headers: { origin, 'content-type': 'application/json' }, body: QUERY });
          for (const reply of [preflight, real]) {
            const allowed = reply.headers['access-control-allow-origin'];
            if (allowed !== undefined && (allowed === origin || reply.headers['access-control-allow-credentials'] === 'true')) {
              return `${allowed} is allowed: ${summaryOf(reply)}`;
            }
          }
          return undefined;
        },
      ),
  }),
  csrfCase({
    name: 'page-in-a-frame',
    from: ['OWASP WSTG: clickjacking', 'GHSA-qm7x-rc44-rrqw'],
    tries: 'the page for browsers in a frame of another site, and with script in its URL: frames forbidden, nothing of the URL in the page',
    async attack({ client }) {
      const page = await client.send({
        method: 'GET',
        path: `/graphql?${encodeURIComponent('<script>alert(1)</script>')}&variables=%22%3E%3Cimg%20src=x%20onerror=alert(2)%3E`,
        headers: { accept: 'text/html' },
      });
      if (/alert\((1|2)\)/.test(page.text.slice(0, 2_000)) || page.text.includes('onerror=alert(2)'))
        return 'the page holds what the URL said';
      if (page.status === 404) return undefined; // LANDING_PAGE=false
      const policy = String(page.headers['content-security-policy'] ?? '');
      return policy.includes("frame-ancestors 'none'") ? undefined : `it may be framed: ${policy || 'no policy'}`;
    },
  }),
];
