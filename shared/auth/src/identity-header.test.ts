import { SignJWT, UnsecuredJWT } from 'jose';
import { signDevelopmentToken } from './development-token.js';
import { createNonceMemory, createSharedNonces } from './nonce-memory.js';
import { createIdentitySigner, createIdentityVerifier, hashBody, IDENTITY_HEADER, signIdentity } from './identity-header.js';
import type { Identity } from './identity.js';

const secret = 'a secret between gateway and subgraph';
const start = new Date('2026-01-01T00:00:00Z');
const clockAt = (seconds: number) => ({ now: () => new Date(start.getTime() + seconds * 1_000) });
const clock = clockAt(0);
const identity: Identity = {
  userId: 'user-1',
  roles: ['admin'],
  scopes: ['read'],
  companyId: 'company-9',
  sessionId: 'session-3',
  clientId: 'web',
  authMethods: ['pwd', 'otp'],
  apiKeyId: 'key-1',
  issuedAt: start,
  expiresAt: new Date(start.getTime() + 3_600_000),
};
const bodyHash = hashBody('{"query":"{ me { id } }"}');
const verifier = createIdentityVerifier({ secret, audience: 'templates', clock });
const sign = (overrides: object = {}) => signIdentity(identity, { secret, audience: 'templates', bodyHash, clock, ...overrides });
const refusal = (reason: string) => ({ code: 'UNAUTHENTICATED', details: { reason } });

describe('identity header', () => {
  it('carries the identity, and the anonymous caller, to the subgraph', async () => {
    expect(IDENTITY_HEADER).toBe('x-loom-identity');
    await expect(verifier.verify(sign(), { bodyHash })).resolves.toEqual(identity);
    const plain: Identity = { userId: 'user-2', roles: [], scopes: [], issuedAt: start, expiresAt: start };
    const back = await verifier.verify(signIdentity(plain, { secret, audience: 'templates', clock }));
    expect(Object.keys(back ?? {}).toSorted()).toEqual(Object.keys(plain).toSorted());
    const anonymous = createIdentitySigner({ secret, clock }).sign(null, { audience: 'templates', bodyHash });
    await expect(verifier.verify(anonymous, { bodyHash })).resolves.toBeNull();
  });

  it('carries where the request came from, signed with the rest', async () => {
    const header = createIdentitySigner({ secret, clock }).sign(null, { audience: 'templates', clientAddress: '203.0.113.7' });
    await expect(verifier.verifyRequest(header)).resolves.toEqual({ identity: null, clientAddress: '203.0.113.7' });
    await expect(verifier.verifyRequest(sign(), { bodyHash })).resolves.toEqual({ identity });
  });

  it('is refused when missing or malformed', async () => {
    for (const header of [undefined, '']) await expect(verifier.verify(header, { bodyHash })).rejects.toMatchObject(refusal('missing'));
    await expect(verifier.verify('nonsense', { bodyHash })).rejects.toMatchObject({
      ...refusal('malformed'),
      message: 'The identity header is malformed.',
    });
  });

  it('1. is refused after 60 seconds and a little tolerance', async () => {
    const at = (seconds: number) => createIdentityVerifier({ secret, audience: 'templates', clock: clockAt(seconds) });
    const header = sign();
    await expect(at(64).verify(header, { bodyHash })).resolves.toEqual(identity);
    await expect(at(66).verify(header, { bodyHash })).rejects.toMatchObject(refusal('expired'));
  });

  it('1. is refused by another subgraph and under another secret', async () => {
    const stranger = createIdentityVerifier({ secret, audience: 'resumes', clock });
    await expect(stranger.verify(sign(), { bodyHash })).rejects.toMatchObject(refusal('wrong-audience'));
    const header = sign({ secret: 'another secret, long enough for HS256' });
    await expect(verifier.verify(header, { bodyHash })).rejects.toMatchObject(refusal('bad-signature'));
  });

  it('2. is refused with another body, without its body, and with a body it was not signed for', async () => {
    const header = sign();
    await expect(verifier.verify(header, { bodyHash: hashBody('{"query":"mutation"}') })).rejects.toMatchObject(refusal('other-body'));
    await expect(verifier.verify(header)).rejects.toMatchObject(refusal('other-body'));
    await expect(verifier.verify(sign({ bodyHash: undefined }), { bodyHash })).rejects.toMatchObject(refusal('other-body'));
    await expect(verifier.verify(sign({ bodyHash: undefined }))).resolves.toEqual(identity);
  });

  it('4. is taken once, by whichever of several processes share what they have seen', async () => {
    const header = sign();
    await expect(verifier.verify(header, { bodyHash })).resolves.toEqual(identity);
    await expect(verifier.verify(header, { bodyHash })).rejects.toMatchObject({
      ...refusal('replayed'),
      message: 'The identity header was used before.',
    });
    await expect(verifier.verify(sign(), { bodyHash })).resolves.toEqual(identity);

    const counters = new Map<string, number>();
    const store = {
      increment: async (key: string) => {
        counters.set(key, (counters.get(key) ?? 0) + 1);
        return counters.get(key)!;
      },
    };
    const replicas = [1, 2].map(() =>
      createIdentityVerifier({ secret, audience: 'templates', clock, nonces: createSharedNonces({ store, clock }) }),
    );
    const outcomes = await Promise.allSettled([header, header].map((one, index) => replicas[index]!.verify(one, { bodyHash })));
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('4. is not used up by a request that is refused', async () => {
    const header = sign();
    await expect(verifier.verify(header, { bodyHash: hashBody('another') })).rejects.toMatchObject(refusal('other-body'));
    await expect(verifier.verify(header, { bodyHash })).resolves.toEqual(identity);
  });

  it('4. is remembered until it has expired for every clock, within a bound that refuses and does not forget', async () => {
    let seconds = 0;
    const moving = { now: () => new Date(start.getTime() + seconds * 1_000) };
    const nonces = createNonceMemory({ windowMs: 70_000, maxEntries: 2, clock: moving });
    const claim = (nonce: string) => nonces.claim(nonce, new Date(start.getTime() + (seconds + 70) * 1_000));
    expect([await claim('a'), await claim('a')]).toEqual([true, false]);
    seconds = 69;
    expect([await claim('b'), await claim('a')]).toEqual([true, false]);
    await expect(claim('c')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    seconds = 71;
    expect([await claim('c'), await claim('b')]).toEqual([true, false]);
    seconds = 300;
    expect([await claim('a'), await claim('b'), await claim('b')]).toEqual([true, true, false]);
  });

  it('is refused when tampered with', async () => {
    const [header, payload, signature] = sign().split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { identity: object };
    const forged = Buffer.from(JSON.stringify({ ...claims, identity: { ...claims.identity, roles: ['owner'] } })).toString('base64url');
    await expect(verifier.verify(`${header}.${forged}.${signature}`, { bodyHash })).rejects.toMatchObject(refusal('bad-signature'));
  });

  it('is refused unsigned, with another algorithm, and when it is an access token of the same secret', async () => {
    const none = new UnsecuredJWT({ identity: null, bodyHash })
      .setAudience('templates')
      .setIssuedAt(start)
      .setExpirationTime('1h')
      .encode();
    await expect(verifier.verify(none, { bodyHash })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const hs512 = await new SignJWT({ identity: null, bodyHash })
      .setProtectedHeader({ alg: 'HS512', typ: 'loom-identity+jwt' })
      .setAudience('templates')
      .sign(new TextEncoder().encode(secret.repeat(2)));
    await expect(verifier.verify(hs512, { bodyHash })).rejects.toMatchObject(refusal('algorithm'));
    const access = await signDevelopmentToken({ secret, userId: 'user-1', issuer: 'loomgraph-gateway', audience: 'templates', clock });
    await expect(verifier.verify(access)).rejects.toMatchObject(refusal('claims'));
  });

  it('is refused when its content has another form', async () => {
    const odd = await new SignJWT({ identity: { userId: 7 }, bodyHash })
      .setProtectedHeader({ alg: 'HS256', typ: 'loom-identity+jwt' })
      .setIssuer('loomgraph-gateway')
      .setAudience('templates')
      .setIssuedAt(start)
      .setExpirationTime(new Date(start.getTime() + 60_000))
      .sign(new TextEncoder().encode(secret));
    await expect(verifier.verify(odd, { bodyHash })).rejects.toMatchObject(refusal('claims'));
  });
});
