import { createHash } from 'node:crypto';
import { silentLogger, type Logger, type Metrics } from '@loomgraph/telemetry';
import { LRUCache } from 'lru-cache';
import type { Embedder } from './port.js';

/** Where vectors are remembered, by a key that stands for model and text. It may forget at any time. */
export interface EmbeddingStore {
  getMany(keys: readonly string[]): Promise<readonly (readonly number[] | undefined)[]>;
  setMany(entries: readonly { key: string; vector: readonly number[] }[]): Promise<void>;
}

export interface EmbeddingCacheOptions {
  /** Vectors in memory, 6 KB each at 1,536 dimensions; used when there is no `store`. */
  readonly maxEntries?: number;
  readonly store?: EmbeddingStore;
  readonly metrics?: Metrics;
  readonly logger?: Logger;
}

export interface CachedEmbedder extends Embedder {
  /** Texts answered from the cache, and texts that were embedded, since the start. */
  readonly stats: { readonly hits: number; readonly misses: number };
}

/**
 * Remembers the vector of each text, by content, so that unchanged text costs no call; a text that is there twice in a call is sent once.
 * A store that fails costs its hits, never the call.
 */
export function withEmbeddingCache(embedder: Embedder, options: EmbeddingCacheOptions = {}): CachedEmbedder {
  const { store = createMemoryEmbeddingStore(options.maxEntries ?? 5_000), logger = silentLogger } = options;
  const counter = options.metrics?.counter('embedding_cache_total', 'Texts looked up in the embedding cache.', ['model', 'outcome']);
  const stats = { hits: 0, misses: 0 };
  const { name, version, dimensions, similarity } = embedder;
  const prefix = `${name}/${version}/${dimensions}/`;
  const tolerate = async <T>(operation: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await operation();
    } catch (error) {
      logger.warn('The embedding cache failed; going on without it.', { error });
      return otherwise;
    }
  };

  return {
    name,
    version,
    dimensions,
    similarity,
    stats,
    async embed(texts, { signal } = {}) {
      signal?.throwIfAborted();
      if (texts.length === 0) return [];
      const textOfKey = new Map<string, string>();
      const keys = texts.map((text) => {
        const key = prefix + createHash('sha256').update(text).digest('base64url');
        textOfKey.set(key, text);
        return key;
      });
      const distinct = [...textOfKey.keys()];
      const stored = await tolerate(() => store.getMany(distinct), []);
      const known = new Map<string, readonly number[]>();
      distinct.forEach((key, index) => {
        const vector = stored[index];
        if (vector?.length === dimensions) known.set(key, vector);
      });
      const missing = distinct.filter((key) => !known.has(key));
      stats.hits += texts.length - missing.length;
      stats.misses += missing.length;
      counter?.inc({ model: name, outcome: 'hit' }, texts.length - missing.length);
      counter?.inc({ model: name, outcome: 'miss' }, missing.length);
      if (missing.length > 0) {
        const vectors = await embedder.embed(
          missing.map((key) => textOfKey.get(key)!),
          signal === undefined ? {} : { signal },
        ); // every key has its text
        const fresh = missing.map((key, index) => ({ key, vector: vectors[index]! })); // one for each text, by clause 1 of the port
        for (const { key, vector } of fresh) known.set(key, vector);
        await tolerate(() => store.setMany(fresh), undefined);
      }
      // Copies: a caller may change its vector, and two equal texts must not share one.
      return keys.map((key) => [...known.get(key)!]);
    },
  };
}

/** The most recently used vectors, in memory; single precision loses nothing (clause 2 of the port). */
export function createMemoryEmbeddingStore(maxEntries: number): EmbeddingStore {
  const cache = new LRUCache<string, Float32Array>({ max: maxEntries });
  return {
    getMany: async (keys) =>
      keys.map((key) => {
        const vector = cache.get(key);
        return vector === undefined ? undefined : Array.from(vector);
      }),
    setMany: async (entries) => {
      for (const { key, vector } of entries) cache.set(key, Float32Array.from(vector));
    },
  };
}
