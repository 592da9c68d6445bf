import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** Most texts that are signed fit; longer ones get a buffer of their own. */
const SCRATCH_BYTES = 4_096;

/**
 * HMAC-SHA-256 (RFC 2104) of ASCII texts under one key, as base64url. By Node's one-shot hash, twice: `createHmac` makes an object for each text,
 * which takes longer than the hashing of a short one, and WebCrypto goes through the thread pool.
 */
export function createHmacSha256(key: Uint8Array): (text: string) => string {
  const padded = Buffer.alloc(BLOCK_BYTES);
  padded.set(key.byteLength > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key);
  const inner = Buffer.alloc(BLOCK_BYTES + SCRATCH_BYTES);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
  for (const [at, byte] of padded.entries()) {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  return (text) => {
    const bytes = text.length <= SCRATCH_BYTES ? inner : Buffer.concat([inner.subarray(0, BLOCK_BYTES)], BLOCK_BYTES + text.length);
    bytes.write(text, BLOCK_BYTES, 'latin1');
    // As text, whose characters are the bytes: a buffer of its own costs more than the digest.
    outer.write(hash('sha256', bytes.subarray(0, BLOCK_BYTES + text.length), 'binary'), BLOCK_BYTES, 'latin1');
    return hash('sha256', outer, 'base64url');
  };
}
