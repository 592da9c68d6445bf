import { inspect } from 'node:util';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import { readBearerToken } from './bearer-token.js';
import { signDevelopmentToken } from './development-token.js';
import { createIdentitySigner } from './identity-header.js';
import { requireIdentity, requireRole, requireScope } from './require.js';
import { createTokenVerifier } from './token-verifier.js';

const secret = 'a development secret of enough bytes';
const other = 'another development secret, as long..';
const start = new Date('2026-01-01T00:00:00Z');
const clockAt = (seconds: number) => ({ now: () => new Date(start.getTime() + seconds * 1_000) });
const clock = clockAt(0);
const sign = (overrides: Partial<Parameters<typeof signDevelopmentToken>[0]> = {}) =>
  signDevelopmentToken({ secret, userId: 'user-1', roles: ['admin'], scopes: ['read', 'write'], ttlSeconds: 60, clock, ...overrides });
const refusal = (reason: string) => ({ code: 'UNAUTHENTICATED', details: { reason } });

describe('token verifier, HS256', () => {
  it('2. answers the identity of the token, frozen', async () => {
    const token = await sign({ companyId: 'company-9', tokenId: 'token-3' });
    const identity = await createTokenVerifier({ secret: { reveal: () => secret }, clock }).verify(token);
    expect(identity).toEqual({
      userId: 'user-1',
      roles: ['admin'],
      scopes: ['read', 'write'],
      companyId: 'company-9',
      tokenId: 'token-3',
      issuedAt: start,
      expiresAt: new Date(start.getTime() + 60_000),
    });
    expect(Object.isFrozen(identity) && Object.isFrozen(identity.roles)).toBe(true);
  });

  it('1. refuses an expired token, one of the future, another issuer and another audience', async () => {
    const token = await sign({ issuer: 'us', audience: 'loom' });
    const verify = (options: object) => createTokenVerifier({ secret, clock, ...options }).verify(token);
    await expect(verify({ issuer: 'us', audience: 'loom' })).resolves.toMatchObject({ userId: 'user-1' });
    await expect(verify({ clock: clockAt(64) })).resolves.toMatchObject({ userId: 'user-1' });
    await expect(verify({ clock: clockAt(66) })).rejects.toMatchObject({ ...refusal('expired'), message: 'The access token has expired.' });
    await expect(verify({ issuer: 'them' })).rejects.toMatchObject(refusal('wrong-issuer'));
    await expect(verify({ audience: 'other' })).rejects.toMatchObject(refusal('wrong-audience'));
    const early = await new SignJWT({ sub: 'x' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt(start)
      .setNotBefore(new Date(start.getTime() + 60_000))
      .setExpirationTime(new Date(start.getTime() + 90_000))
      .sign(new TextEncoder().encode(secret));
    await expect(createTokenVerifier({ secret, clock }).verify(early)).rejects.toMatchObject(refusal('not-yet-valid'));
  });

  it('1. refuses another secret, tampering, no signature, and what is no token', async () => {
    const verifier = createTokenVerifier({ secret, clock });
    const token = await sign();
    const [header, payload, signature] = token.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'root' })).toString('base64url');
    await expect(verifier.verify(await sign({ secret: other }))).rejects.toMatchObject(refusal('bad-signature'));
    await expect(verifier.verify(`${header}.${forged}.${signature}`)).rejects.toMatchObject(refusal('bad-signature'));
    await expect(verifier.verify(`${header}.${payload}.`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    for (const text of ['nonsense', 'a.b', 'a.b.c', `${token}.x`, 'x'.repeat(20_000)]) {
      await expect(verifier.verify(text)).rejects.toMatchObject(refusal('malformed'));
    }
    await expect(verifier.verify('')).rejects.toMatchObject(refusal('missing'));
  });

  it('1. refuses algorithm "none" and other algorithms', async () => {
    const verifier = createTokenVerifier({ secret, clock });
    const none = new UnsecuredJWT({ sub: 'root' }).setIssuedAt(start).setExpirationTime('1h').encode();
    await expect(verifier.verify(none)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const hs512 = await new SignJWT({ sub: 'x' })
      .setProtectedHeader({ alg: 'HS512' })
      .setIssuedAt(start)
      .setExpirationTime(new Date(start.getTime() + 60_000))
      .sign(new TextEncoder().encode(secret.repeat(2)));
    await expect(verifier.verify(hs512)).rejects.toMatchObject(refusal('algorithm'));
  });

  it('1. refuses a token without subject or expiry, roles of another form, and an identity header', async () => {
    const verifier = createTokenVerifier({ secret, clock });
    const signed = (claims: object, expires = true) => {
      const jwt = new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256' }).setIssuedAt(start);
      if (expires) jwt.setExpirationTime(new Date(start.getTime() + 60_000));
      return jwt.sign(new TextEncoder().encode(secret));
    };
    await expect(verifier.verify(await signed({}))).rejects.toMatchObject(refusal('claims'));
    await expect(verifier.verify(await signed({ sub: '' }))).rejects.toMatchObject(refusal('claims'));
    await expect(verifier.verify(await signed({ sub: 'x' }, false))).rejects.toMatchObject(refusal('claims'));
    await expect(verifier.verify(await signed({ sub: 'x', roles: { admin: true } }))).rejects.toMatchObject(refusal('claims'));
    const header = createIdentitySigner({ secret, clock }).sign(null, { audience: 'templates' });
    await expect(verifier.verify(header)).rejects.toMatchObject(refusal('claims'));
  });

  it('3. remembers a verified token until it expires, within its bound', async () => {
    let now = 0;
    const verifier = createTokenVerifier({ secret, clock: { now: () => clockAt(now).now() }, cacheEntries: 1, clockToleranceSeconds: 0 });
    const token = await sign();
    const first = await verifier.verify(token);
    expect(await verifier.verify(token)).toBe(first);
    await verifier.verify(await sign({ userId: 'user-2' }));
    expect(await verifier.verify(token)).not.toBe(first);
    now = 60;
    await expect(verifier.verify(token)).rejects.toMatchObject(refusal('expired'));
    await expect(verifier.verify(token)).rejects.toMatchObject(refusal('expired'));
  });

  it('4. leaks nothing of the token', async () => {
    const token = await sign({ userId: 'user-with-a-name' });
    const error: unknown = await createTokenVerifier({ secret, clock: clockAt(999) })
      .verify(token)
      .catch((reason: unknown) => reason);
    const printed = inspect(error, { depth: 9, showHidden: true });
    expect(printed).not.toContain('user-with-a-name');
    expect(printed).not.toContain(token.slice(-20));
  });

  it('refuses a configuration that could not verify anything', () => {
    expect(() => createTokenVerifier({})).toThrow('needs a secret (HS256) or the URL of a key set');
    expect(() => createTokenVerifier({ secret: 'short' })).toThrow('at least 32 bytes');
  });
});

describe('token verifier, published keys', () => {
  it('1. accepts the published keys only, and never a published key as an HMAC secret', async () => {
    const [ours, theirs] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
    const jwk = { ...(await exportJWK(ours.publicKey)), kid: 'k1', alg: 'ES256' };
    let fetches = 0;
    const fetchKeySet = async () => {
      fetches += 1;
      return Response.json({ keys: [jwk] });
    };
    const verifier = createTokenVerifier({ jwksUrl: 'https://id.example/jwks', fetch: fetchKeySet, clock });
    const signed = (key: CryptoKey, kid: string) =>
      new SignJWT({ sub: 'user-1', scp: ['read'] })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setIssuedAt(start)
        .setExpirationTime(new Date(start.getTime() + 60_000))
        .sign(key);
    await expect(verifier.verify(await signed(ours.privateKey, 'k1'))).resolves.toMatchObject({ userId: 'user-1', scopes: ['read'] });
    await expect(verifier.verify(await signed(theirs.privateKey, 'k1'))).rejects.toMatchObject(refusal('bad-signature'));
    await expect(verifier.verify(await signed(theirs.privateKey, 'k2'))).rejects.toMatchObject(refusal('bad-signature'));
    await expect(verifier.verify(await sign({ secret: JSON.stringify(jwk) }))).rejects.toMatchObject(refusal('algorithm'));
    expect(fetches).toBe(2); // for the unknown key
  });

  // Within a second after the keys were fetched, tokens of a key that was rotated in since were refused as forged.
  it('1. finds a key that was just rotated in, with one look for all tokens that name it', async () => {
    const [first, second] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
    const published = [{ ...(await exportJWK(first.publicKey)), kid: 'k1', alg: 'ES256' }];
    let fetches = 0;
    const fetchKeySet = async () => {
      fetches += 1;
      return Response.json({ keys: published });
    };
    const verifier = createTokenVerifier({ jwksUrl: 'https://id.example/jwks', fetch: fetchKeySet, clock });
    const signed = (key: CryptoKey, kid: string, sub: string) =>
      new SignJWT({ sub })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setIssuedAt(start)
        .setExpirationTime(new Date(start.getTime() + 60_000))
        .sign(key);
    await expect(verifier.verify(await signed(first.privateKey, 'k1', 'ada'))).resolves.toMatchObject({ userId: 'ada' });
    published.push({ ...(await exportJWK(second.publicKey)), kid: 'k2', alg: 'ES256' });
    const tokens = await Promise.all(['bob', 'eve'].map((sub) => signed(second.privateKey, 'k2', sub)));
    const users = await Promise.all(tokens.map(async (token) => (await verifier.verify(token)).userId));
    expect([users, fetches]).toEqual([['bob', 'eve'], 2]);
  });

  it('says that the identity provider is away, which is not the fault of the token', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const token = await new SignJWT({ sub: 'x' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuedAt(start)
      .setExpirationTime('1h')
      .sign(privateKey);
    const away = [() => Promise.reject(new TypeError('fetch failed')), async () => new Response('no', { status: 500 })];
    for (const fetchKeySet of away) {
      const verifier = createTokenVerifier({ jwksUrl: 'https://id.example/jwks', fetch: fetchKeySet, clock });
      await expect(verifier.verify(token)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        kind: 'unavailable',
        store: 'identity-provider',
      });
    }
  });
});

describe('helpers', () => {
  it('reads a bearer header', () => {
    expect(readBearerToken(undefined)).toBeUndefined();
    expect(readBearerToken('bearer a.b.c')).toBe('a.b.c');
    expect(() => readBearerToken('Basic eDp5')).toThrow('The access token is malformed.');
    expect(() => readBearerToken('Bearer a b')).toThrow('malformed');
  });

  it('requires identity, role and scope', () => {
    const identity = { userId: 'u', roles: ['admin'], scopes: ['read'], issuedAt: start, expiresAt: start };
    expect(requireIdentity(identity)).toBe(identity);
    expect(requireRole(identity, 'admin')).toBe(identity);
    expect(requireScope(identity, 'read')).toBe(identity);
    expect(() => requireIdentity(null)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
    expect(() => requireRole(undefined, 'admin')).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
    expect(() => requireRole(identity, 'owner')).toThrow(expect.objectContaining({ code: 'FORBIDDEN', details: { role: 'owner' } }));
    expect(() => requireScope(identity, 'write')).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  });
});
