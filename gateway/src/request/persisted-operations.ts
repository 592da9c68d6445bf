import { LRUCache } from 'lru-cache';

/**
 * Where the texts of operations are kept that clients name by their hash only (automatic persisted queries).
 *
 * 1. `get` answers undefined for a hash that was never set, or was forgotten: the client then sends the text again.
 * 2. What is set under a hash never changes: the hash is the text's.
 * 3. A store that cannot be reached may reject; requests that bring their text are answered all the same.
 */
export interface PersistedOperations {
  /** `sha256Hash`: 64 hexadecimal digits in lower case. */
  get(sha256Hash: string): Promise<string | undefined>;
  set(sha256Hash: string, text: string): Promise<void>;
}

/** Beside the text: its hash, and the cache's own lists. */
const ENTRY_BYTES = 200;
const BYTES_PER_CHARACTER = 2;

/** Keeps the operations used last in this process, up to `maxBytes` of memory. */
export function createMemoryPersistedOperations(options: { readonly maxBytes: number }): PersistedOperations {
  const texts = new LRUCache<string, string>({
    maxSize: options.maxBytes,
    sizeCalculation: (text) => text.length * BYTES_PER_CHARACTER + ENTRY_BYTES,
  });
  return {
    get: async (sha256Hash) => texts.get(sha256Hash),
    set: async (sha256Hash, text) => void texts.set(sha256Hash, text),
  };
}
