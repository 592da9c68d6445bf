import { jest } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type JWK } from 'jose';
import { Provider } from 'oidc-provider';
import { createTokenVerifier } from '../src/token-verifier.js';
import { signDevelopmentToken } from '../src/development-token.js';
import { discoveredKeys, localKeys, publishedKeys } from '../src/issuer-keys.js';
import type { TrustedIssuer } from '../src/trusted-issuer.js';

const SECRET = 'a development secret of enough bytes';
const AUDIENCE = 'loomgraph';
const refusal = (reason: string) => ({ code: 'UNAUTHENTICATED', details: { reason } });

interface RunningIssuer {
  readonly issuer: string;
  readonly server: Server;
  readonly publicKey: JWK;
  readonly privateKey: JWK;
  /** An access token of the provider, by its own endpoint. */
  token(audience?: string): Promise<string>;
}

/** An OpenID provider that issues JWT access tokens to a client, with its roles where Keycloak has them. */
async function startIssuer(): Promise<RunningIssuer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pair = await generateKeyPair('RS256', { extractable: true });
  const privateKey = { ...(await exportJWK(pair.privateKey)), kid: 'rsa', alg: 'RS256', use: 'sig' };
  const provider = new Provider(issuer, {
    jwks: { keys: [privateKey] },
    clients: [
      {
        client_id: 'app',
        client_secret: 'app-secret',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: 'read write',
          audience: resource.replace('urn:', ''),
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: () => ({ roles: ['admin'], realm_access: { roles: ['editor'] } }),
  });
  server.on('request', provider.callback());
  return {
    issuer,
    server,
    privateKey,
    publicKey: { ...(await exportJWK(pair.publicKey)), kid: 'rsa', alg: 'RS256' },
    async token(audience = AUDIENCE) {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: 'app',
          client_secret: 'app-secret',
          resource: `urn:${audience}`,
          scope: 'read',
        }),
      });
      const body = (await response.json()) as { access_token?: string };
      if (body.access_token === undefined) throw new Error(`The provider gave no token: ${JSON.stringify(body)}`);
      return body.access_token;
    },
  };
}

describe('tokens of OpenID providers', () => {
  let corp: RunningIssuer;
  let other: RunningIssuer;
  beforeAll(async () => {
    // It advises whoever would run it for more than a test.
    for (const level of ['info', 'warn'] as const) jest.spyOn(console, level).mockImplementation(() => undefined);
    [corp, other] = await Promise.all([startIssuer(), startIssuer()]);
  });
  afterAll(() => {
    jest.restoreAllMocks();
    for (const { server } of [corp, other]) {
      server.closeAllConnections();
      server.close();
    }
  });

  const trust = ({ issuer }: RunningIssuer, name: string, more: Partial<TrustedIssuer> = {}): TrustedIssuer => ({
    issuer,
    audience: AUDIENCE,
    keys: discoveredKeys(issuer),
    subjectPrefix: `${name}:`,
    ...more,
  });
  const forge = (header: { alg: string; kid?: string; typ?: string }, iss: string) =>
    new SignJWT({ roles: ['admin'] })
      .setProtectedHeader(header)
      .setIssuer(iss)
      .setAudience(AUDIENCE)
      .setSubject('root')
      .setIssuedAt()
      .setExpirationTime('1h');

  it('are accepted by discovery, with the roles where the issuer has them and users of its own', async () => {
    const verifier = createTokenVerifier({
      secret: SECRET,
      issuers: [trust(corp, 'corp', { rolesClaim: 'realm_access.roles' }), trust(other, 'other', { rolesClaim: null })],
    });
    expect(await verifier.verify(await corp.token())).toMatchObject({
      userId: 'corp:app',
      clientId: 'app',
      scopes: ['read'],
      roles: ['editor'],
    });
    expect(await verifier.verify(await other.token())).toMatchObject({ userId: 'other:app', roles: [] });
    expect(await verifier.verify(await signDevelopmentToken({ secret: SECRET, userId: 'app' }))).toMatchObject({ userId: 'app' });
  });

  it('are refused when made for another audience, and when nobody trusts their issuer', async () => {
    const verifier = createTokenVerifier({ issuers: [trust(corp, 'corp')] });
    await expect(verifier.verify(await corp.token('billing'))).rejects.toMatchObject(refusal('wrong-audience'));
    await expect(verifier.verify(await other.token())).rejects.toMatchObject(refusal('wrong-issuer'));
    await expect(createTokenVerifier({ secret: SECRET }).verify(await corp.token())).rejects.toMatchObject(refusal('algorithm'));
  });

  it('are refused when another key signed them: our secret, another issuer, a public key as a secret, none at all', async () => {
    const verifier = createTokenVerifier({ secret: SECRET, issuers: [trust(corp, 'corp'), trust(other, 'other')] });
    const bySecret = await signDevelopmentToken({ secret: SECRET, userId: 'root', issuer: corp.issuer, audience: AUDIENCE });
    await expect(verifier.verify(bySecret)).rejects.toMatchObject(refusal('algorithm'));
    const byOther = await forge({ alg: 'RS256', kid: 'rsa' }, corp.issuer).sign(await importJWK(other.privateKey, 'RS256'));
    await expect(verifier.verify(byOther)).rejects.toMatchObject(refusal('bad-signature'));
    for (const published of [JSON.stringify(corp.publicKey), String(corp.publicKey.n)]) {
      const confused = await forge({ alg: 'HS256', kid: 'rsa' }, corp.issuer).sign(new TextEncoder().encode(published));
      await expect(verifier.verify(confused)).rejects.toMatchObject(refusal('algorithm'));
    }
    const unsigned = new UnsecuredJWT({ roles: ['admin'] })
      .setIssuer(corp.issuer)
      .setAudience(AUDIENCE)
      .setSubject('root')
      .setIssuedAt()
      .setExpirationTime('1h')
      .encode();
    await expect(verifier.verify(unsigned)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const rightKey = await forge({ alg: 'RS256', kid: 'rsa' }, corp.issuer).sign(await importJWK(corp.privateKey, 'RS256'));
    await expect(verifier.verify(rightKey)).resolves.toMatchObject({ userId: 'corp:root' });
  });

  it('are refused under an algorithm the issuer is not trusted with', async () => {
    const verifier = createTokenVerifier({
      issuers: [trust(corp, 'corp', { keys: discoveredKeys(corp.issuer, { algorithms: ['ES256'] }) })],
    });
    await expect(verifier.verify(await corp.token())).rejects.toMatchObject(refusal('algorithm'));
    expect(() => discoveredKeys(corp.issuer, { algorithms: ['HS256'] })).toThrow('"HS256" is not one of them');
    expect(() => discoveredKeys(corp.issuer, { algorithms: ['none'] })).toThrow('"none" is not one of them');
  });

  it('cannot be judged while the provider is away or says it is another; and can when it is back', async () => {
    let now = new Date();
    let answer = () => Promise.reject<Response>(new TypeError('fetch failed'));
    const keys = discoveredKeys(corp.issuer, {
      clock: { now: () => now },
      fetch: (url, init) => (url.includes('.well-known') ? answer() : fetch(url, init)),
    });
    const verifier = createTokenVerifier({ issuers: [trust(corp, 'corp', { keys })] });
    const token = await corp.token();
    const away = { code: 'STORE_UNAVAILABLE', store: 'identity-provider' };
    await expect(verifier.verify(token)).rejects.toMatchObject(away);
    const document = (await (await fetch(`${corp.issuer}/.well-known/openid-configuration`)).json()) as object;
    for (const wrong of [{ issuer: other.issuer }, { jwks_uri: 'file:///etc/passwd' }, { jwks_uri: 7 }]) {
      now = new Date(now.getTime() + 1_000);
      answer = async () => Response.json({ ...document, ...wrong });
      await expect(verifier.verify(token)).rejects.toMatchObject(away);
    }
    answer = async () => Response.json(document);
    await expect(verifier.verify(token)).rejects.toMatchObject(away); // within a second of a failure nobody asks again
    now = new Date(now.getTime() + 1_000);
    await expect(verifier.verify(token)).resolves.toMatchObject({ userId: 'corp:app' });
  });

  it('of an issuer in this process are verified with its keys, by the id and the algorithm of each', async () => {
    const pair = await generateKeyPair('EdDSA', { extractable: true });
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'ours', alg: 'EdDSA' };
    const asked: (string | undefined)[] = [];
    const published = { keys: [jwk] };
    const keys = localKeys({
      algorithms: ['EdDSA'],
      read: async (unknown) => {
        asked.push(unknown);
        return published;
      },
    });
    const verifier = createTokenVerifier({ secret: SECRET, issuers: [{ issuer: 'https://us', audience: AUDIENCE, keys }] });
    await expect(verifier.verify(await forge({ alg: 'EdDSA', kid: 'ours' }, 'https://us').sign(pair.privateKey))).resolves.toMatchObject({
      userId: 'root',
    });
    await expect(verifier.verify(await forge({ alg: 'EdDSA', kid: 'theirs' }, 'https://us').sign(pair.privateKey))).rejects.toMatchObject(
      refusal('bad-signature'),
    );
    await expect(verifier.verify(await forge({ alg: 'EdDSA' }, 'https://us').sign(pair.privateKey))).rejects.toMatchObject(
      refusal('bad-signature'),
    );
    expect(asked.filter((unknown) => unknown !== undefined)).toEqual(['theirs']);
  });

  it('are refused when they say they are something else than access tokens', async () => {
    const verifier = createTokenVerifier({ issuers: [trust(corp, 'corp', { keys: publishedKeys(`${corp.issuer}/jwks`) })] });
    const sign = async (typ: string) =>
      forge({ alg: 'RS256', kid: 'rsa', typ }, corp.issuer).sign(await importJWK(corp.privateKey, 'RS256'));
    for (const typ of ['logout+jwt', 'dpop+jwt', 'loom-identity+jwt'])
      await expect(verifier.verify(await sign(typ))).rejects.toMatchObject(refusal('claims'));
    for (const typ of ['at+jwt', 'JWT', 'application/at+jwt'])
      await expect(verifier.verify(await sign(typ))).resolves.toMatchObject({ userId: 'corp:root' });
  });
});
