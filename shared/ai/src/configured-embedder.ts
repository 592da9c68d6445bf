import type { Logger, Metrics } from '@loomgraph/telemetry';
import { withEmbeddingCache } from './embedding-cache.js';
import { createLexicalEmbedder } from './lexical/lexical-embedder.js';
import { createOpenAiEmbedder } from './openai/openai-embedder.js';
import type { Embedder } from './port.js';

export interface EmbedderSettings {
  readonly apiKey?: { reveal(): string } | undefined;
  readonly baseUrl?: string | undefined;
  readonly model: string;
  readonly dimensions: number;
}

/** Texts whose embeddings are kept in the process: about 60 MB at 1,536 dimensions. */
const CACHED_TEXTS = 5_000;

/** The provider's model where a key or an address is set, else the embedded lexical one; unchanged texts cost no call. */
export function createConfiguredEmbedder(settings: EmbedderSettings, observe: { metrics: Metrics; logger: Logger }): Embedder {
  const { apiKey, baseUrl, model, dimensions } = settings;
  const embedder =
    apiKey || baseUrl
      ? // A local provider often asks for no key; the client insists on one.
        createOpenAiEmbedder({ apiKey: apiKey ?? 'none', model, dimensions, metrics: observe.metrics, ...(baseUrl ? { baseUrl } : {}) })
      : createLexicalEmbedder({ dimensions });
  return withEmbeddingCache(embedder, { maxEntries: CACHED_TEXTS, ...observe });
}
