import { createHmac, randomBytes } from 'node:crypto';
import { createHmacSha256 } from './hmac-sha256.js';

describe('HMAC-SHA-256', () => {
  it('is the one of RFC 4231', () => {
    const hex = (key: Buffer, text: string) => Buffer.from(createHmacSha256(key)(text), 'base64url').toString('hex');
    expect(hex(Buffer.alloc(20, 0x0b), 'Hi There')).toBe('b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7');
    expect(hex(Buffer.from('Jefe'), 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
    expect(hex(Buffer.alloc(131, 0xaa), 'Test Using Larger Than Block-Size Key - Hash Key First')).toBe(
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    );
  });

  it("is Node's for keys and texts of every length, whatever was signed before", () => {
    for (const keyBytes of [1, 32, 63, 64, 65, 200]) {
      const key = randomBytes(keyBytes);
      const sign = createHmacSha256(key);
      for (const characters of [0, 1, 63, 5_000, 64, 4_096, 4_097, 700, 20_000, 3]) {
        const text = randomBytes(characters).toString('base64url').slice(0, characters);
        expect(sign(text)).toBe(createHmac('sha256', key).update(text).digest('base64url'));
      }
    }
  });
});
