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
  const embedder = hasProvider(settings) ? fromProvider(settings, observe) : createLexicalEmbedder({ dimensions: settings.dimensions });
  return withEmbeddingCache(embedder, { maxEntries: CACHED_TEXTS, ...observe });
}

/**
 * Finds the embedder of a model that stored embeddings name: the lexical one always, any other with the provider that is configured now. Whether the
 * provider still has the model shows with the first call. Undefined where there is none, or one that makes other vectors.
 */
export function createEmbedderFor(
  settings: EmbedderSettings,
  observe: { metrics: Metrics; logger: Logger },
): (model: Pick<Embedder, 'name' | 'version' | 'dimensions'>) => Embedder | undefined {
  return ({ name, version, dimensions }) => {
    const lexical = createLexicalEmbedder({ dimensions });
    const embedder =
      name === lexical.name ? lexical : hasProvider(settings) ? fromProvider({ ...settings, model: name, dimensions }, observe) : undefined;
    if (embedder?.name !== name || embedder.version !== version) return undefined;
    return withEmbeddingCache(embedder, { maxEntries: CACHED_TEXTS, ...observe });
  };
}

const hasProvider = ({ apiKey, baseUrl }: EmbedderSettings): boolean => Boolean(apiKey || baseUrl);

function fromProvider({ apiKey, baseUrl, model, dimensions }: EmbedderSettings, { metrics }: { metrics: Metrics }): Embedder {
  // A local provider often asks for no key; the client insists on one.
  return createOpenAiEmbedder({ apiKey: apiKey ?? 'none', model, dimensions, metrics, ...(baseUrl ? { baseUrl } : {}) });
}
