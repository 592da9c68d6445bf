import { createPublicKey, generateKeyPairSync, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { eachOf, passes, refused } from '../attack/expect.ts';
import { adminClaims, encode, forgeToken, hs256 } from '../attack/forge.ts';
import type { Target } from '../attack/target.ts';

const INVALID = ['UNAUTHENTICATED'];

const tryToken = async (target: Target, token: string): Promise<Finding> =>
  refused(await target.client.graphql({ query: target.probe.query, token }), INVALID, 401);

const tryEach = (target: Target, tokens: Readonly<Record<string, string>>): Promise<Finding> =>
  eachOf(tokens, (token) => tryToken(target, token));

/** The same question with a token that is what the forged one pretends to be. */
const control = async (target: Target): Promise<Finding> =>
  passes(await target.client.graphql({ query: target.probe.query, token: await target.token({ roles: ['admin'] }) }), target.probe.path);

const tokenCase = (one: Pick<AbuseCase, 'name' | 'from' | 'tries' | 'attack'>): AbuseCase => ({ ...one, control });

export const tokenCases: readonly AbuseCase[] = [
  tokenCase({
    name: 'token-alg-none',
    from: ['CVE-2015-9235', 'CVE-2022-23540', 'RFC 8725 §2.1'],
    tries: 'an administrator by a token with alg "none" and no signature, in every spelling; 401',
    attack: (target) =>
      tryEach(
        target,
        Object.fromEntries(['none', 'None', 'NONE', 'nOnE', '', 'null'].map((alg) => [alg, forgeToken({ header: { alg } })])),
      ),
  }),
  tokenCase({
    name: 'token-signature-stripped',
    from: ['RFC 8725 §2.1'],
    tries: 'a genuine token whose signature is cut off, or whose last part is missing; 401',
    async attack(target) {
      const [header, claims] = (await target.token({ roles: ['admin'] })).split('.');
      return tryEach(target, { empty: `${header}.${claims}.`, missing: `${header}.${claims}`, dots: `${header}.${claims}..` });
    },
  }),
  tokenCase({
    name: 'token-key-confusion',
    from: ['CVE-2016-5431', 'CVE-2015-9235', 'RFC 8725 §2.1'],
    tries: 'HS256 with the published public key as its secret, in every form a library might take; 401',
    async attack(target) {
      const keys = await publishedKeys(target);
      const forms = keys.flatMap(({ jwk, key }) => [
        key.export({ type: 'spki', format: 'pem' }),
        key.export({ type: 'spki', format: 'pem' }).toString().trim(),
        key.export({ type: 'spki', format: 'der' }),
        JSON.stringify(jwk),
        Buffer.from(jwk.x ?? jwk.n ?? '', 'base64url'),
        jwk.x ?? jwk.n ?? '',
      ]);
      const ids = [...keys.map(({ jwk }) => jwk.kid), undefined];
      return eachOf(Object.fromEntries(forms.entries()), (form) =>
        eachOf(Object.fromEntries(ids.entries()), (kid) =>
          tryToken(target, forgeToken({ header: kid === undefined ? {} : { kid }, claims: target.people.tokenClaims, sign: hs256(form) })),
        ),
      );
    },
  }),
  tokenCase({
    name: 'token-kid-injection',
    from: ['CVE-2018-0114', 'PortSwigger: kid path traversal'],
    tries: 'a kid that is a path, an SQL string or a URL, with the key that it would find there; 401',
    attack: (target) =>
      tryEach(target, {
        'dev/null': forgeToken({ header: { kid: '../../../../../../dev/null' }, sign: hs256('') }),
        sql: forgeToken({ header: { kid: "x' UNION SELECT 'key' -- " }, sign: hs256('key') }),
        url: forgeToken({ header: { kid: `${target.listener.url}/kid` }, sign: hs256('key') }),
        prototype: forgeToken({ header: { kid: '__proto__' }, sign: hs256('') }),
        object: forgeToken({ header: { kid: { $ne: null } }, sign: hs256('') }),
      }),
  }),
  tokenCase({
    name: 'token-names-its-own-key',
    from: ['CVE-2018-0114', 'RFC 8725 §3.10'],
    tries: 'a token signed with a key of ours that it brings in jwk or x5c; 401',
    attack(target) {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      const signEd = (text: string): Buffer => sign(null, Buffer.from(text), privateKey);
      const jwk = publicKey.export({ format: 'jwk' });
      const x5c = [publicKey.export({ type: 'spki', format: 'der' }).toString('base64')];
      return tryEach(target, {
        jwk: forgeToken({ header: { alg: 'EdDSA', jwk }, claims: target.people.tokenClaims, sign: signEd }),
        x5c: forgeToken({ header: { alg: 'EdDSA', x5c }, claims: target.people.tokenClaims, sign: signEd }),
      });
    },
  }),
  ...(['jku', 'x5u'] as const).map((parameter) =>
    tokenCase({
      name: `token-${parameter}-is-fetched`,
      from: ['RFC 8725 §3.10', 'OWASP: SSRF'],
      tries: `a token whose ${parameter} header names our own key set; 401, and nobody calls us`,
      async attack(target) {
        const { privateKey } = generateKeyPairSync('ed25519');
        const called = target.listener.calls.length;
        const header = { alg: 'EdDSA', kid: 'ours', [parameter]: `${target.listener.url}/jwks.json` };
        const token = forgeToken({
          header,
          claims: target.people.tokenClaims,
          sign: (text) => sign(null, Buffer.from(text), privateKey),
        });
        const finding = await tryToken(target, token);
        return finding ?? (target.listener.calls.length === called ? undefined : `the gateway called ${target.listener.calls.at(-1)}`);
      },
    }),
  ),
  tokenCase({
    name: 'token-unknown-critical-header',
    from: ['RFC 7515 §4.1.11', 'RFC 7797'],
    tries: 'a token with a critical header that is not understood, or an unencoded payload; 401',
    attack: (target) =>
      tryEach(target, {
        crit: forgeToken({ header: { crit: ['admin'], admin: true }, sign: hs256(target.tokenSecret) }),
        'crit b64': forgeToken({ header: { crit: ['b64'], b64: false }, sign: hs256(target.tokenSecret) }),
      }),
  }),
  tokenCase({
    name: 'token-signature-of-zeros',
    from: ['CVE-2022-21449'],
    tries: 'EdDSA and ECDSA signatures that are all zeros; 401',
    async attack(target) {
      const [first] = await publishedKeys(target);
      const header = first?.jwk.kid === undefined ? {} : { kid: first.jwk.kid };
      const zeros = (alg: string, length: number): string =>
        forgeToken({ header: { ...header, alg }, claims: target.people.tokenClaims, sign: () => Buffer.alloc(length) });
      return tryEach(target, {
        EdDSA: zeros('EdDSA', 64),
        ES256: zeros('ES256', 64),
        RS256: zeros('RS256', 256),
        HS256: zeros('HS256', 32),
      });
    },
  }),
  tokenCase({
    name: 'token-weak-secret',
    from: ['RFC 8725 §2.2'],
    tries: 'HS256 with the secrets everybody tries first; 401',
    attack: (target) =>
      tryEach(
        target,
        Object.fromEntries(
          ['', 'secret', 'changeme', 'your-256-bit-secret', 'loomgraph', 'jwt_secret', 'development', '0'.repeat(32)].map((secret) => [
            `"${secret}"`,
            forgeToken({ sign: hs256(secret) }),
          ]),
        ),
      ),
  }),
  tokenCase({
    name: 'token-encrypted',
    from: ['CVE-2024-28176', 'CVE-2023-50658'],
    tries: 'an encrypted token (five parts), one of them a zip bomb by header; 401, at once',
    attack: (target) =>
      tryEach(target, {
        jwe: ['eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0', '', 'AAAA', 'AAAA', 'AAAA'].join('.'),
        zip: [
          encode({ alg: 'PBES2-HS512+A256KW', p2c: 2_147_483_647, p2s: 'AAAA', enc: 'A256GCM', zip: 'DEF' }),
          'AAAA',
          'AAAA',
          'AAAA',
          'AAAA',
        ].join('.'),
      }),
  }),
  tokenCase({
    name: 'token-is-no-compact-jws',
    from: ['CVE-2022-39227', 'RFC 6750 §2.1'],
    tries: 'JSON in place of a token, binary rubbish, two tokens in one header; 401',
    async attack(target) {
      const genuine = await target.token({ roles: ['admin'] });
      const [header, claims, signature] = genuine.split('.');
      const forged = encode({ ...adminClaims(), sub: 'somebody-else' });
      return tryEach(target, {
        json: JSON.stringify({ protected: header, payload: claims, signature }),
        polyglot: `{"${header}.${forged}.${signature}":1}`,
        two: `${genuine} ${genuine}`,
        comma: `${genuine}, Bearer ${genuine}`,
        rubbish: '\u00ff\u00fe.\u00ff.\u00ff',
        dots: '..',
        padding: `${header}=.${claims}=.${signature}=`,
      });
    },
  }),
];

export interface PublishedKey {
  readonly jwk: JsonWebKey & { readonly kid?: string };
  readonly key: KeyObject;
}

/** The keys anybody can read. @throws Error where there are none: a case about them would show nothing */
export async function publishedKeys({ client }: Target): Promise<readonly PublishedKey[]> {
  const { text } = await client.send({ method: 'GET', path: '/.well-known/jwks.json' });
  const { keys } = JSON.parse(text) as { keys: readonly PublishedKey['jwk'][] }; // RFC 7517
  if (keys.length === 0) throw new Error('The gateway publishes no keys.');
  return keys.map((jwk) => ({ jwk, key: createPublicKey({ key: jwk, format: 'jwk' }) }));
}
