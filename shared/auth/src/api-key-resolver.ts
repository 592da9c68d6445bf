import type { Identity } from './identity.js';

/** How every API key begins; what follows is random. */
export const API_KEY_PREFIX = 'loom_';

/**
 * Finds out who an API key speaks for.
 *
 * 1. Answers the identity (with `apiKeyId`, and with the scopes the key was given, never more), or null for a key that is unknown,
 *    expired or revoked, or whose user is disabled. It never says which.
 * 2. Takes as long for a key that does not exist as for one that does.
 * 3. Rejects with StoreError while it cannot be told. Nothing is kept by the caller then.
 * 4. Takes note that the key was used, at most once a minute for each key.
 */
export interface ApiKeyResolver {
  /** @param key as the client sent it, `loom_…` */
  resolve(key: string): Promise<Identity | null>;
}

/** Whether a text has the form of an API key: prefix, then letters, digits, `_` and `-`; at most 256 characters. */
export function isApiKey(text: string): boolean {
  return text.length <= MAX_KEY_CHARACTERS && /^loom_[\w-]+$/.test(text);
}

const MAX_KEY_CHARACTERS = 256;
