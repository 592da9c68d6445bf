import { createLoginThrottle, type AttemptCounters, type ThrottleNotice, type ThrottleSettings } from './login-throttle.js';

const settings: ThrottleSettings = {
  freeAttempts: 3,
  firstWaitMs: 30_000,
  longestWaitMs: 3_600_000,
  memoryMs: 86_400_000,
  perNetwork: 10,
  windowMs: 600_000,
};

/** Counters in memory, on the clock of the test. */
function open() {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const entries = new Map<string, { value: number; gone: number }>();
  const live = (key: string): { value: number; gone: number } | undefined => {
    const entry = entries.get(key);
    return entry && entry.gone > now ? entry : undefined;
  };
  const counters: AttemptCounters = {
    add: async (key, by, ttlMs) => {
      const entry = live(key) ?? { value: 0, gone: now + ttlMs };
      entry.value += by;
      entries.set(key, entry);
      return entry.value;
    },
    until: async (key) => live(key)?.value,
    setUntil: async (key, value, ttlMs) => void entries.set(key, { value, gone: now + ttlMs }),
    forget: async (...keys) => keys.forEach((key) => entries.delete(key)),
    pseudonym: (text) => `<${text}>`,
  };
  const notices: ThrottleNotice[] = [];
  const throttle = createLoginThrottle({
    counters,
    settings,
    clock: { now: () => new Date(now) },
    notify: (notice) => notices.push(notice),
  });
  const attempt = async (email: string, address?: string): Promise<string> => {
    try {
      await throttle.admit({ email, address });
      return 'tried';
    } catch (error) {
      const { code, details } = error as { code: string; details: { retryAfterSeconds: number } };
      return `${code} ${details.retryAfterSeconds}`;
    }
  };
  return { throttle, attempt, notices, wait: (ms: number) => (now += ms), keys: () => [...entries.keys()] };
}

describe('the login throttle', () => {
  it('1. counts attempts that are made at once, each', async () => {
    const { attempt } = open();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => attempt('a@x')));
    expect(outcomes.filter((outcome) => outcome === 'tried')).toHaveLength(4);
  });

  it('2. lets one attempt through in each wait, and doubles the wait', async () => {
    const { attempt, wait } = open();
    for (let index = 0; index < 3; index++) expect(await attempt('a@x')).toBe('tried');
    for (const seconds of [30, 60, 120]) {
      expect(await attempt('a@x')).toBe('tried');
      expect(await attempt('a@x')).toBe(`ACCOUNT_LOCKED ${seconds}`);
      wait(1_000);
      expect(await attempt('a@x')).toBe(`ACCOUNT_LOCKED ${seconds - 1}`);
      wait((seconds - 1) * 1_000);
    }
    expect(await attempt('b@x')).toBe('tried');
  });

  it('2. waits an hour at most, and no longer for being asked', async () => {
    const { attempt, wait } = open();
    for (let index = 0; index < 20; index++) {
      await attempt('a@x');
      for (let asked = 0; asked < 5; asked++) await attempt('a@x');
      wait(3_600_000);
    }
    expect(await attempt('a@x')).toBe('tried');
    expect(await attempt('a@x')).toBe('ACCOUNT_LOCKED 3600');
  });

  it('3. throttles one address over many accounts, without locking those', async () => {
    const { attempt, wait } = open();
    for (let index = 0; index < 10; index++) expect(await attempt(`user${index}@x`, '203.0.113.7')).toBe('tried');
    expect(await attempt('user10@x', '203.0.113.7')).toBe('RATE_LIMITED 600');
    for (let index = 0; index < 20; index++) await attempt('victim@x', '203.0.113.7');
    expect(await attempt('victim@x', '198.51.100.1')).toBe('tried');
    wait(600_000);
    expect(await attempt('user10@x', '203.0.113.7')).toBe('tried');
  });

  it('3. takes the 2^64 addresses around one of IPv6 for it', async () => {
    const { attempt } = open();
    for (let index = 0; index < 10; index++) await attempt(`user${index}@x`, `2001:db8::${index}`);
    expect(await attempt('a@x', '2001:db8:0:0:ffff::1')).toBe('RATE_LIMITED 600');
    expect(await attempt('a@x', '2001:db8:0:1::1')).toBe('tried');
  });

  it('1. forgets an account that signed in, and takes back what its address counted', async () => {
    const { throttle, attempt } = open();
    for (let round = 0; round < 20; round++) {
      expect(await attempt('a@x', '203.0.113.7')).toBe('tried');
      expect(await attempt('a@x', '203.0.113.7')).toBe('tried');
      await throttle.succeeded({ email: 'a@x', address: '203.0.113.7' });
    }
  });

  it('5. forgets an account that is unlocked', async () => {
    const { throttle, attempt } = open();
    for (let index = 0; index < 9; index++) await attempt('a@x');
    expect(await attempt('a@x')).toContain('ACCOUNT_LOCKED');
    await throttle.unlock('a@x');
    expect(await attempt('a@x')).toBe('tried');
  });

  it('tells of the lock once for each wait, and of what it refuses; its keys have no address in them', async () => {
    const { attempt, notices, keys } = open();
    for (let index = 0; index < 7; index++) await attempt('a@x', '203.0.113.7');
    expect(notices.map((notice) => (notice.kind === 'locked' ? 'locked' : `${notice.by} ${notice.isFirst}`))).toEqual([
      'locked',
      'account true',
      'account false',
      'account false',
    ]);
    expect(keys().every((key) => /^[a-z-]+:</.test(key))).toBe(true);
  });
});
