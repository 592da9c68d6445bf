import { createHash } from 'node:crypto';
import { API_KEY_PREFIX } from './api-key-resolver.js';

const FORM = new RegExp(`^${API_KEY_PREFIX}([\\da-f]{16})_([\\w-]{43})$`);

/** What an API key is found by. Whoever has no more than this cannot come with the key. */
export interface ApiKeyDigest {
  /** The part of the key that people recognise it by. */
  readonly id: string;
  /** SHA-256 of its secret, in hex. */
  readonly secretHash: string;
}

/** Of a key as the client sent it, `loom_<id>_<secret>`; undefined for what is no key of this product. */
export function digestApiKey(key: string): ApiKeyDigest | undefined {
  const [, id, secret] = FORM.exec(key) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secretHash: hashApiKeySecret(secret) };
}

/** Nothing is gained by trying 256 random bits: so a fast hash keeps them as well as a slow one. */
export const hashApiKeySecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');
