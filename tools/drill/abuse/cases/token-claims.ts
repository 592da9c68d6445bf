import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { eachOf, passes, refused, refusedWith, firstOf } from '../attack/expect.ts';
import { adminClaims, encode, forgeToken, hs256, readToken } from '../attack/forge.ts';
import type { Target } from '../attack/target.ts';

const MINUTE = 60;
const HUGE_BYTES = 200_000;

const tryToken = async (target: Target, token: string): Promise<Finding> =>
  refused(await target.client.graphql({ query: target.probe.query, token }), ['UNAUTHENTICATED'], 401);

/** Signed with the secret that the gateway believes: only what the token says is wrong. */
const signed = (target: Target, claims: Readonly<Record<string, unknown>>, header: Readonly<Record<string, unknown>> = {}): string =>
  forgeToken({ header, claims, sign: hs256(target.tokenSecret) });

const control = async (target: Target): Promise<Finding> =>
  passes(await target.client.graphql({ query: target.probe.query, token: signed(target, {}) }), target.probe.path);

const claimsCase = (one: Pick<AbuseCase, 'name' | 'from' | 'tries' | 'attack'>): AbuseCase => ({ ...one, control });

export const tokenClaimCases: readonly AbuseCase[] = [
  claimsCase({
    name: 'token-expired',
    from: ['RFC 7519 §4.1.4'],
    tries: 'a token that ran out a minute ago, long ago, or at a time that is no number; 401',
    attack(target) {
      const now = Math.floor(Date.now() / 1_000);
      return eachOf(
        {
          minute: signed(target, { iat: now - 2 * MINUTE, exp: now - MINUTE }),
          epoch: signed(target, { iat: 1, exp: 2 }),
          text: signed(target, { exp: 'never' }),
          negative: signed(target, { exp: -1 }),
          none: signed(target, { exp: undefined }),
          null: signed(target, { exp: null }),
        },
        (token) => tryToken(target, token),
      );
    },
  }),
  claimsCase({
    name: 'token-not-yet-valid',
    from: ['RFC 7519 §4.1.5'],
    tries: 'a token that counts from an hour on; 401',
    attack: (target) => tryToken(target, signed(target, { nbf: Math.floor(Date.now() / 1_000) + 60 * MINUTE })),
  }),
  claimsCase({
    name: 'token-of-another-issuer',
    from: ['RFC 8725 §3.8', 'OWASP API2:2023'],
    tries: "our own issuer's name on tokens of other keys, the secret of development tokens among them; 401: the issuer picks the key",
    attack: ({ client, people, probe, tokenSecret }) =>
      eachOf(
        {
          other: forgeToken({ claims: people.tokenClaims, sign: hs256('not-the-secret-of-this-installation-0123456789') }),
          development: forgeToken({ claims: people.tokenClaims, sign: hs256(tokenSecret) }),
        },
        async (token) => refused(await client.graphql({ query: probe.query, token }), ['UNAUTHENTICATED'], 401),
      ),
  }),
  claimsCase({
    name: 'token-without-subject',
    from: ['RFC 9068 §2.2'],
    tries: 'a token for nobody: no subject, an empty one, one that is no text; 401',
    attack: (target) =>
      eachOf(
        {
          missing: signed(target, { sub: undefined }),
          empty: signed(target, { sub: '' }),
          number: signed(target, { sub: 1 }),
          object: signed(target, { sub: { id: 'admin' } }),
        },
        (token) => tryToken(target, token),
      ),
  }),
  claimsCase({
    name: 'token-of-another-kind',
    from: ['RFC 8725 §3.11', 'RFC 8725 §2.8'],
    tries: "the identity header's form as access token, though signed with the right secret; 401",
    attack: (target) =>
      eachOf(
        {
          identity: signed(target, { identity: { ...adminClaims(), userId: 'admin' } }, { typ: 'loom-identity+jwt' }),
          logout: signed(target, {}, { typ: 'logout+jwt' }),
        },
        (token) => tryToken(target, token),
      ),
  }),
  claimsCase({
    name: 'token-tampered',
    from: ['OWASP API2:2023'],
    tries: 'a genuine token of a user, with the roles of an administrator written into it, or single bits turned; 401',
    async attack(target) {
      const genuine = await target.token();
      const [header = '', claims = '', signature = ''] = genuine.split('.');
      const promoted = encode({ ...readToken(genuine).claims, roles: ['admin'] });
      const turned = Buffer.from(signature, 'base64url');
      turned[0] = (turned[0] ?? 0) ^ 1;
      return eachOf(
        {
          roles: `${header}.${promoted}.${signature}`,
          signature: `${header}.${claims}.${turned.toString('base64url')}`,
          header: `${encode({ ...readToken(genuine).header, role: 'admin' })}.${claims}.${signature}`,
        },
        (token) => tryToken(target, token),
      );
    },
  }),
  claimsCase({
    name: 'token-huge',
    from: ['CWE-400'],
    tries: 'tokens of 17 kB to 200 kB; 401 or 431, and nothing of them is decoded',
    attack: (target) =>
      eachOf(
        {
          '17 kB': signed(target, { padding: 'x'.repeat(13_000) }),
          '200 kB': `${'a'.repeat(HUGE_BYTES / 2)}.${'b'.repeat(HUGE_BYTES / 2)}.c`,
        },
        async (token) => refusedWith(await target.client.graphql({ query: target.probe.query, token }), 401, 431),
      ),
  }),
  claimsCase({
    name: 'token-in-other-places',
    from: ['RFC 6750 §5.3', 'CVE-2024-28238'],
    tries:
      'a genuine token in the URL, in the body, in a cookie: places that are logged or sent by browsers; not taken, so the caller is nobody',
    async attack(target) {
      const token = await target.token({ roles: ['admin'] });
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ query: target.probe.query, access_token: token, token });
      const nobody = ['UNAUTHENTICATED', 'FORBIDDEN'];
      const search = `/graphql?access_token=${token}`;
      return firstOf([
        refused(await target.client.send({ path: search, headers, body }), nobody),
        refused(await target.client.send({ headers: { ...headers, cookie: `access_token=${token}; token=${token}` }, body }), nobody),
        refused(
          await target.client.send({
            headers: { ...headers, 'x-access-token': token, 'x-forwarded-authorization': `Bearer ${token}` },
            body,
          }),
          nobody,
        ),
      ]);
    },
  }),
  claimsCase({
    name: 'token-header-twice',
    from: ['CWE-436'],
    tries: "two Authorization headers, or another scheme: never the second one's rights; 401 or 400",
    async attack(target) {
      const admin = `Bearer ${await target.token({ roles: ['admin'] })}`;
      const user = `Bearer ${await target.token()}`;
      const body = JSON.stringify({ query: target.probe.query });
      const raw = (lines: readonly string[]): string =>
        [
          'POST /graphql HTTP/1.1',
          `host: ${target.url.host}`,
          'content-type: application/json',
          ...lines,
          `content-length: ${body.length}`,
          'connection: close',
          '',
          body,
        ].join('\r\n');
      const twice = await target.client.raw([raw([`authorization: ${user}`, `authorization: ${admin}`])]);
      if (twice.text.includes('"projections"')) return 'the second header counted';
      return eachOf(
        { basic: `Basic ${Buffer.from('admin:admin').toString('base64')}`, digest: 'Digest username="admin"', bare: admin.slice(7) },
        async (authorization) =>
          refused(await target.client.graphql({ query: target.probe.query, headers: { authorization } }), ['UNAUTHENTICATED'], 401),
      );
    },
  }),
];
