import { auditActor, truncateAddress } from './audit-sink.js';

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
