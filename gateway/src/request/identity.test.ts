import {
  cacheApiKeys,
  createMemoryRevocationList,
  type ApiKeyResolver,
  type Identity,
  type RevocationState,
  type TokenVerifier,
} from '@loomgraph/auth';
import { createIdentify, type IdentityStageDeps } from './identity.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const LATER = new Date(NOW.getTime() + 3_600_000);
const ada: Identity = { userId: 'ada', roles: [], scopes: [], sessionId: 's1', tokenId: 't1', issuedAt: NOW, expiresAt: LATER };
const bot: Identity = { userId: 'bot', roles: [], scopes: ['read'], apiKeyId: 'k1', issuedAt: NOW, expiresAt: LATER };
const tokenVerifier: TokenVerifier = { verify: async (token) => (token === 'good' ? ada : Promise.reject(new Error('bad token'))) };
const apiKeys: ApiKeyResolver = { resolve: async (key) => (key === 'loom_good' ? bot : null) };
const clock = { now: () => NOW };
const stage = (deps: Partial<IdentityStageDeps> = {}) => createIdentify({ tokenVerifier, apiKeys, ...deps });
const refusal = (reason: string) => ({ code: 'UNAUTHENTICATED', details: { reason } });

describe('identity stage', () => {
  it('knows a caller by a token, or by an API key in either header', async () => {
    const identify = stage();
    expect(identify({})).toBeNull();
    expect(await identify({ authorization: 'Bearer good' })).toBe(ada);
    expect(await identify({ authorization: 'Bearer loom_good' })).toBe(bot);
    expect(await identify({ 'x-api-key': 'loom_good' })).toBe(bot);
    expect(await identify({ authorization: '' })).toBeNull();
  });

  it('refuses a key that nobody has, and what is no key, alike', async () => {
    for (const key of ['loom_bad', 'good', 'loom_', 'loom_good, loom_good', `loom_${'x'.repeat(300)}`, "loom_' or 1=1"]) {
      await expect(stage()({ 'x-api-key': key })).rejects.toMatchObject(refusal('unknown'));
    }
    await expect(stage()({ authorization: 'Bearer loom_bad' })).rejects.toMatchObject(refusal('unknown'));
  });

  it('refuses two credentials: either could be smuggled in beside the other', async () => {
    await expect(stage()({ authorization: 'Bearer good', 'x-api-key': 'loom_good' })).rejects.toMatchObject(refusal('ambiguous'));
  });

  it('looks at nothing it was not given the means for', async () => {
    expect(stage({ tokenVerifier: undefined, apiKeys: undefined })({ authorization: 'Bearer good', 'x-api-key': 'loom_good' })).toBeNull();
    expect(stage({ apiKeys: undefined })({ 'x-api-key': 'loom_good' })).toBeNull();
    expect(await stage({ tokenVerifier: undefined })({ authorization: 'Bearer good' })).toBeNull();
  });

  it.each([
    ['session', 's1', 'Bearer good'],
    ['token', 't1', 'Bearer good'],
    ['user', 'ada', 'Bearer good'],
    ['api-key', 'k1', 'Bearer loom_good'],
    ['user', 'bot', 'Bearer loom_good'],
  ] as const)('refuses what was taken back: %s %s', async (kind, id, authorization) => {
    const revocations = createMemoryRevocationList({ clock });
    const identify = stage({ revocations });
    expect(await identify({ authorization })).not.toBeNull();
    await revocations.revoke({ kind, id, at: NOW, until: LATER });
    await expect(identify({ authorization })).rejects.toMatchObject(refusal('revoked'));
    expect(identify({})).toBeNull();
  });

  it('refuses who is known while revocations cannot be read, unless told to believe them; nobody is let through who was revoked', async () => {
    const stale: RevocationState = { isCurrent: false, ageMs: 6_000, entries: 0 };
    const revocations = { ...createMemoryRevocationList({ clock }), state: () => stale };
    const authorization = 'Bearer good';
    await expect(stage({ revocations })({ authorization })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(stage({ revocations })({})).toBeNull();
    const open = stage({ revocations, staleRevocations: 'accept' });
    expect(await open({ authorization })).toBe(ada);
    await revocations.revoke({ kind: 'session', id: 's1', at: NOW, until: LATER });
    await expect(open({ authorization })).rejects.toMatchObject(refusal('revoked'));
  });
});

describe('cached API keys', () => {
  it('are asked for once by all who come with one, and again after 5 seconds; unknown ones after one', async () => {
    let now = NOW.getTime();
    const asked: string[] = [];
    let answer: Identity | null = bot;
    const cached = cacheApiKeys(
      {
        resolve: async (key) => {
          asked.push(key);
          return answer;
        },
      },
      { clock: { now: () => new Date(now) } },
    );
    expect(await Promise.all([cached.resolve('loom_a'), cached.resolve('loom_a'), cached.resolve('loom_b')])).toEqual([bot, bot, bot]);
    expect(asked).toEqual(['loom_a', 'loom_b']);
    answer = null;
    now += 4_999;
    expect(await cached.resolve('loom_a')).toBe(bot);
    now += 1;
    expect(await cached.resolve('loom_a')).toBeNull();
    answer = bot;
    expect(await cached.resolve('loom_a')).toBeNull();
    now += 1_000;
    expect(await cached.resolve('loom_a')).toBe(bot);
    expect(asked).toHaveLength(4);
  });

  it('keep nothing of a failure, and no key beyond its expiry', async () => {
    let fails = true;
    const soon = { ...bot, expiresAt: new Date(NOW.getTime() + 1_000) };
    let now = NOW.getTime();
    const cached = cacheApiKeys(
      { resolve: async () => (fails ? Promise.reject(new Error('away')) : soon) },
      { clock: { now: () => new Date(now) } },
    );
    await expect(cached.resolve('loom_a')).rejects.toThrow('away');
    fails = false;
    expect(await cached.resolve('loom_a')).toBe(soon);
    fails = true;
    now += 1_000;
    await expect(cached.resolve('loom_a')).rejects.toThrow('away');
  });
});
