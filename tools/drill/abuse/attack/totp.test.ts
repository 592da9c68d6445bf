import { jest } from '@jest/globals';
import { totpCode, wrongCode } from './totp.ts';

describe('totpCode', () => {
  // RFC 6238 appendix B, SHA-1, the last six of eight digits; the secret is "12345678901234567890" in Base32.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [20_000_000_000, '353130'],
  ])('shows at %i s what the specification says', (seconds, code) => {
    jest.useFakeTimers({ now: seconds * 1_000 });
    expect(totpCode('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')).toBe(code);
    jest.useRealTimers();
  });

  it('has wrong codes that are none of those about now, and differ', () => {
    const codes = Array.from({ length: 20 }, (_, index) => wrongCode('GEZDGNBVGY3TQOJQ', index));
    expect(new Set(codes).size).toBe(20);
    expect(codes).not.toContain(totpCode('GEZDGNBVGY3TQOJQ'));
  });
});
