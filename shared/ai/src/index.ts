// the port
export type { Embedder } from './port.js';
export { cosineSimilarity } from './vector.js';
// its adapters
export { createLexicalEmbedder } from './lexical/lexical-embedder.js';
export { createOpenAiEmbedder, type OpenAiEmbedderOptions } from './openai/openai-embedder.js';
// around any of them
export {
  createMemoryEmbeddingStore,
  withEmbeddingCache,
  type CachedEmbedder,
  type EmbeddingCacheOptions,
  type EmbeddingStore,
} from './embedding-cache.js';
// by configuration
export { createConfiguredEmbedder, createEmbedderFor, type EmbedderSettings } from './configured-embedder.js';
