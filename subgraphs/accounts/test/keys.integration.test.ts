import { decodeProtectedHeader } from 'jose';
import { createKeyRing } from '../src/adapters/key-ring.js';
import { createSealer } from '../src/adapters/sealer.js';
import { SigningKeyEntity } from '../src/store/entities.js';
import { LOGIN, openAccounts, PASSWORD, recordBackends, REFRESH, SECRET, testClock, type OpenAccounts } from './support/open-accounts.js';

const admin = { userId: 'root', roles: ['admin'], scopes: [], issuedAt: new Date(), expiresAt: new Date() };
const kidOf = (token: string): string => decodeProtectedHeader(token).kid ?? '';
const kidsOf = async (app: OpenAccounts): Promise<string[]> => (await app.subgraph.keys.read()).keys.map(({ kid }) => kid);

for (const backend of recordBackends(import.meta.filename)) {
  describe(`A1 signing keys on ${backend.name}`, () => {
    let app: OpenAccounts;
    beforeAll(async () => {
      app = await openAccounts({ url: backend.url });
      await app.user('ada@example.com');
    }, 120_000);
    afterAll(() => app[Symbol.asyncDispose]());

    it('signs with Ed25519, publishes the public part, and says where', async () => {
      const { accessToken } = await app.login('ada@example.com');
      expect(decodeProtectedHeader(accessToken)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: (await kidsOf(app))[0] });
      const published = await app.subgraph.documents['/.well-known/jwks.json']?.();
      expect(published).toEqual({
        keys: [{ kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: kidOf(accessToken), alg: 'EdDSA', use: 'sig' }],
      });
      expect(await app.subgraph.documents['/.well-known/openid-configuration']?.()).toMatchObject({
        issuer: 'https://id.test',
        jwks_uri: 'https://id.test/.well-known/jwks.json',
        id_token_signing_alg_values_supported: ['EdDSA'],
      });
    });

    it('keeps private parts encrypted', async () => {
      const store = await app.stores.relational({ name: 'accounts', entities: [SigningKeyEntity], migrations: [] });
      const rows = await store.read().find(SigningKeyEntity, {});
      const text = JSON.stringify(rows);
      expect(rows.length).toBeGreaterThan(0);
      expect(text).not.toContain('PRIVATE KEY');
      expect(text).not.toContain('"d"');
      const sealed = rows[0]?.privateSealed ?? '';
      expect(createSealer(SECRET, 'signing-keys').open(sealed)).toContain('PRIVATE KEY');
      expect(() => createSealer('another secret of at least 32 characters', 'signing-keys').open(sealed)).toThrow('does not open');
      expect(() => createSealer(SECRET, 'something else').open(sealed)).toThrow('does not open');
      await store.close();
    });

    it('rotates by the mutation: new tokens by the new key, old ones good until they expire', async () => {
      const old = await app.login('ada@example.com');
      const rotate = `mutation { rotateSigningKeys { keyId } }`;
      expect((await app.refusal(rotate)).code).toBe('UNAUTHENTICATED');
      expect((await app.refusal(rotate, {}, { ...admin, roles: [] })).code).toBe('FORBIDDEN');
      const { keyId } = (await app.data(rotate, {}, admin)).rotateSigningKeys;
      expect(await kidsOf(app)).toEqual([keyId, kidOf(old.accessToken)]);
      const { accessToken, refreshToken } = (await app.data(REFRESH, { token: old.refreshToken })).refresh;
      expect(kidOf(accessToken)).toBe(keyId);
      expect((await app.claims(old.accessToken)).sub).toBe((await app.claims(accessToken)).sub);
      app.clock.advance(3_600_000 + 60_001); // the last token of the old key has expired
      await app.data(REFRESH, { token: refreshToken });
      expect(await kidsOf(app)).toEqual([keyId]);
    });

    it('replaces a key that is too old, once, however many find so at once', async () => {
      const [before] = await kidsOf(app);
      app.clock.advance(90 * 86_400_000);
      const logins = await Promise.all(Array.from({ length: 6 }, () => app.login('ada@example.com')));
      const used = new Set(logins.map(({ accessToken }) => kidOf(accessToken)));
      expect(used.size).toBe(1);
      expect(used.has(before ?? '')).toBe(false);
      expect((await kidsOf(app)).length).toBe(2);
    });
  });
}

describe('A1 signing keys of other kinds', () => {
  let first: OpenAccounts;
  beforeAll(async () => {
    first = await openAccounts();
  }, 120_000);
  afterAll(() => first[Symbol.asyncDispose]());

  it('signs with RS256 where it is set', async () => {
    await using app = await openAccounts({ env: { TOKEN_ALGORITHM: 'RS256' }, stores: first.stores });
    await app.user('rosa@example.com');
    const { accessToken } = await app.login('rosa@example.com');
    expect(decodeProtectedHeader(accessToken)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    expect((await app.claims(accessToken)).iss).toBe('https://id.test');
  }, 120_000);

  it('signs with the shared secret where HS256 is set, and publishes nothing', async () => {
    await using app = await openAccounts({ env: { TOKEN_ALGORITHM: 'HS256' }, stores: first.stores });
    await app.user('hans@example.com');
    const { login } = await app.data(LOGIN, { input: { email: 'hans@example.com', password: PASSWORD } });
    expect(decodeProtectedHeader(login.accessToken)).toEqual({ alg: 'HS256', typ: 'at+jwt' });
    expect(await app.subgraph.keys.read()).toEqual({ keys: [] });
    expect((await app.refusal(`mutation { rotateSigningKeys { keyId } }`, {}, admin)).code).toBe('CAPABILITY_NOT_CONFIGURED');
  }, 120_000);

  it('learns of a rotation by another process when a token names the new key, and makes one key where two start at once', async () => {
    const store = await first.stores.relational({
      name: 'accounts',
      entities: [SigningKeyEntity, (await import('../src/store/entities.js')).KeyRingEntity],
      migrations: [],
    });
    const clock = testClock();
    const ring = () =>
      createKeyRing({
        store,
        sealer: createSealer(SECRET, 'signing-keys'),
        clock,
        algorithm: 'EdDSA',
        lifetimeMs: 86_400_000,
        tokenMs: 1_000,
      });
    const [here, there] = [ring(), ring()];
    expect((await here.current()).kid).toBe((await there.current()).kid);
    const same = await there.published();
    expect(await there.published()).toBe(same);
    const kid = await here.rotate();
    expect((await there.published()).keys.map((key) => key.kid)).not.toContain(kid);
    clock.advance(1_000);
    expect((await there.published(kid)).keys.map((key) => key.kid)).toContain(kid);
    await store.close();
  }, 120_000);

  it('says which secret is wrong when a key does not open', async () => {
    const store = await first.stores.relational({
      name: 'accounts',
      entities: [SigningKeyEntity, (await import('../src/store/entities.js')).KeyRingEntity],
      migrations: [],
    });
    const sealer = createSealer('another secret of at least 32 characters', 'signing-keys');
    const ring = createKeyRing({ store, sealer, clock: testClock(), algorithm: 'EdDSA', lifetimeMs: 1_000, tokenMs: 1_000 });
    await expect(ring.current()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('ACCOUNTS_SECRET') as string,
    });
    await store.close();
  }, 120_000);
});
