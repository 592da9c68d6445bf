import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { LoomError, StoreError } from '@loomgraph/core';

const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const MIN_SECRET_CHARACTERS = 32;

/** Encrypts texts with AES-256-GCM; a sealed text that was altered, or sealed for something else, does not open. */
export interface Sealer {
  seal(text: string): string;
  /** @throws StoreError corrupt */
  open(sealed: string): string;
}

/**
 * @param purpose separates the keys that are derived from one secret (HKDF-SHA256, RFC 5869)
 * @throws LoomError CONFIG_INVALID when the secret is shorter than 32 characters
 */
export function createSealer(secret: string, purpose: string): Sealer {
  if (secret.length < MIN_SECRET_CHARACTERS)
    throw new LoomError('CONFIG_INVALID', `A secret that encrypts needs at least ${MIN_SECRET_CHARACTERS} characters.`);
  const key = Buffer.from(hkdfSync('sha256', secret, '', `loomgraph:accounts:${purpose}`, KEY_BYTES));
  return {
    seal(text) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
        decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new StoreError('corrupt', 'accounts', 'A sealed value does not open: it was altered, or sealed with another secret.', {
          cause,
        });
      }
    },
  };
}
