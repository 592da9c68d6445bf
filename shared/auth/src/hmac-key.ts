import { LoomError } from '@loomgraph/core';
import type { CryptoKey } from 'jose';

/** A text, or a value that reveals one when asked (`Secret` of the config package). */
export type SecretLike = string | { reveal(): string };

/** RFC 7518 §3.2: an HS256 key has at least the size of the hash. */
const MIN_KEY_BYTES = 32;

/**
 * The bytes of a secret.
 * @throws LoomError CONFIG_INVALID when it is shorter than 32 bytes
 */
export function hmacKeyBytes(secret: SecretLike): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(typeof secret === 'string' ? secret : secret.reveal());
  if (bytes.byteLength >= MIN_KEY_BYTES) return bytes;
  throw new LoomError(
    'CONFIG_INVALID',
    `A secret for signing tokens needs at least ${MIN_KEY_BYTES} bytes (RFC 7518 §3.2); this one has ${bytes.byteLength}.`,
  );
}

/**
 * A function that answers the HS256 key of a secret, imported once.
 * @throws LoomError CONFIG_INVALID at once when the secret is shorter than 32 bytes
 */
export function createHmacKey(secret: SecretLike): () => Promise<CryptoKey> {
  const bytes = hmacKeyBytes(secret);
  let key: Promise<CryptoKey> | undefined;
  return () => (key ??= crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']));
}
