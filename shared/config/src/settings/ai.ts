import { integer, secret, text, url } from '../primitives.js';
import { setting } from '../setting.js';

/** Who is asked for what models answer; read by every process that asks. */
export const providerSettings = {
  apiKey: setting({
    env: 'OPENAI_API_KEY',
    schema: secret().optional(),
    doc: 'Key of an OpenAI-compatible provider. Without it and without OPENAI_BASE_URL texts are compared by their words, not their meaning; without it suggestions come from rules (RESUME_ANALYSER).',
    secret: true,
  }),
  baseUrl: setting({
    env: 'OPENAI_BASE_URL',
    schema: url('http', 'https').optional(),
    doc: 'Address of an OpenAI-compatible provider, up to and with /v1.',
  }),
} as const;

/** Which model makes the embeddings: without a key or an address of its own, the embedded lexical one. */
export const aiSettings = {
  ...providerSettings,
  model: setting({
    env: 'OPENAI_EMBEDDING_MODEL',
    schema: text(),
    default: 'text-embedding-3-small',
    doc: 'Embedding model of the provider.',
  }),
  dimensions: setting({
    env: 'EMBEDDING_DIMENSIONS',
    schema: integer({ min: 32, max: 2_000 }),
    default: 1_536,
    doc: 'Length of every embedding; 2,000 is what an HNSW index takes.',
  }),
} as const;
