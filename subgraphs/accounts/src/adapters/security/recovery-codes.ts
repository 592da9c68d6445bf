import { createHash, randomBytes } from 'node:crypto';
import type { RecoveryCodes } from '../../domain/security/second-factor.js';

/** Crockford's Base32 without what looks alike: 80 bits are 16 of them, in groups of four. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const FORM = /^[0-9a-hjkmnp-tv-z]{16}$/;

/** 80 random bits each: guessing one is hopeless, so a fast hash keeps them well enough. */
export function createRecoveryCodes(): RecoveryCodes {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[\s-]/g, '');
  return {
    make: (count) =>
      Array.from({ length: count }, () => {
        // 256 is a multiple of 32: every character is as likely.
        const letters = [...randomBytes(16)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
        return letters.match(/.{4}/g)?.join('-') ?? letters;
      }),
    hash: (userId, code) =>
      createHash('sha256')
        .update(`${userId}\n${plain(code)}`)
        .digest('hex'),
    isOne: (text) => FORM.test(plain(text)),
  };
}
