import { auditActor, cleanEntry, truncateAddress } from './audit-entry.js';

describe('truncateAddress', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:0db8::6', '2001:db8:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['::1', '0:0:0::/48'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0::/48'],
  ])('%s becomes %s', (address, expected) => expect(truncateAddress(address)).toBe(expected));

  it.each(['', 'localhost', '203.0.113', '203.0.113.77:443', ':::'])('%j is no address', (text) =>
    expect(truncateAddress(text)).toBeUndefined(),
  );
});

describe('auditActor', () => {
  it('takes ids and nothing else of an identity', () => {
    const identity = { userId: 'u1', sessionId: 's1', roles: ['admin'], scopes: [], issuedAt: new Date(0), expiresAt: new Date(1) };
    expect(auditActor(identity, '203.0.113.77')).toEqual({ userId: 'u1', sessionId: 's1', address: '203.0.113.0/24' });
  });

  it('knows nothing of an anonymous caller but the address', () => {
    expect(auditActor(null, '203.0.113.77')).toEqual({ address: '203.0.113.0/24' });
    expect(auditActor(null)).toEqual({});
  });
});

describe('cleanEntry', () => {
  const entry = { actor: {}, action: 'a.b', resource: { type: 'User' }, outcome: 'failed', occurredAt: new Date(0) } as const;

  it('leaves a plain entry as it is', () => {
    const plain = { ...entry, actor: { userId: 'u' }, reason: 'FORBIDDEN', requestId: 'r', details: { count: 1, is: true, none: null } };
    expect(cleanEntry(plain)).toEqual(plain);
  });

  it('blots e-mail addresses out, wherever they are', () => {
    const cleaned = cleanEntry({
      ...entry,
      resource: { type: 'User', id: 'ann@example.org' },
      reason: 'no <ann@example.org>',
      details: { to: 'x ann@example.org y' },
    });
    expect(cleaned).toMatchObject({ resource: { id: '[e-mail]' }, reason: 'no <[e-mail]>', details: { to: 'x [e-mail] y' } });
    expect(JSON.stringify(cleaned)).not.toContain('ann@');
  });

  it('truncates addresses, and keeps nothing in their place that is none', () => {
    const addressOf = (address: string) => cleanEntry({ ...entry, actor: { address } }).actor.address;
    expect(addressOf('203.0.113.77')).toBe('203.0.113.0/24');
    expect(addressOf('203.0.113.0/24')).toBe('203.0.113.0/24');
    expect(addressOf('2001:db8:1::/48')).toBe('2001:db8:1::/48');
    expect(addressOf('my laptop')).toBeUndefined();
  });

  it('clips what is too long, also in the middle of a character, and what no store keeps', () => {
    const cleaned = cleanEntry({
      ...entry,
      action: 'x'.repeat(1_000),
      reason: `${'y'.repeat(63)}😀`,
      requestId: 'a\0b\uD800',
      details: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`d${index}`, index === 0 ? Number.NaN : index])),
    });
    expect(cleaned.action).toHaveLength(64);
    expect(cleaned.reason?.isWellFormed()).toBe(true);
    expect(cleaned.requestId).toBe('ab\uFFFD');
    expect(Object.keys(cleaned.details ?? {})).toHaveLength(16);
    expect(cleaned.details?.['d0']).toBe('NaN');
  });
});
