// the ports
export type { Embedder } from './port.js';
export type { ChatModel, ChatQuestion } from './chat-port.js';
export { cosineSimilarity } from './vector.js';
// its adapters
export { createLexicalEmbedder } from './lexical/lexical-embedder.js';
export { createOpenAiEmbedder, type OpenAiEmbedderOptions } from './openai/openai-embedder.js';
export { createOpenAiChat, type OpenAiChatOptions } from './openai/openai-chat.js';
export { truncateToTokens } from './openai/tokens.js';
// around any embedder
export {
  createMemoryEmbeddingStore,
  withEmbeddingCache,
  type CachedEmbedder,
  type EmbeddingCacheOptions,
  type EmbeddingStore,
} from './embedding-cache.js';
// by configuration
export { createConfiguredEmbedder, createEmbedderFor, type EmbedderSettings } from './configured-embedder.js';
