import { LoomError } from '@loomgraph/core';
import { withSpan, type Metrics } from '@loomgraph/telemetry';
import type { Embedder } from '../port.js';
import { blankVector } from '../vector.js';
import { classifyProviderError } from './classify.js';
import { createOpenAiClient } from './client.js';
import { createLimiter } from './limiter.js';
import { readAnswer } from './read-answer.js';
import { estimateTokens, toBatches, truncateToTokens, type Batch } from './tokens.js';

export interface OpenAiEmbedderOptions {
  readonly apiKey: string | { reveal(): string };
  /** Of any server that speaks the protocol, up to and with `/v1`. */
  readonly baseUrl?: string;
  readonly model?: string;
  /** 1,536 when left out; an answer of another length is refused. */
  readonly dimensions?: number;
  /** Whether the request names the dimensions: the `text-embedding-3` family shortens its vectors to it, others may refuse the field. */
  readonly sendDimensions?: boolean;
  /** Texts in one request; OpenAI takes up to 2,048. */
  readonly maxBatchItems?: number;
  /** Estimated tokens in one request; OpenAI takes up to 300,000. */
  readonly maxBatchTokens?: number;
  /** Estimated tokens of one text; what is past it is cut off. OpenAI takes 8,192. */
  readonly maxTextTokens?: number;
  /** After the first attempt; each waits as long as the provider asks for, else 0.5 s doubling up to 8 s. */
  readonly maxRetries?: number;
  /** A provider that asks to wait longer is not retried: the call fails with `details.retryAfterMs`. At most 60 s. */
  readonly maxRetryWaitMs?: number;
  /** Of one attempt, its body included. */
  readonly timeoutMs?: number;
  /** Requests at once, over all calls of this embedder. */
  readonly concurrency?: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly metrics?: Metrics;
}

/** An embedder behind the OpenAI embeddings protocol. */
export function createOpenAiEmbedder(options: OpenAiEmbedderOptions): Embedder {
  const { model = 'text-embedding-3-small', dimensions = 1_536, sendDimensions = true } = options;
  const { maxBatchItems = 256, maxBatchTokens = 100_000, maxTextTokens = 8_000 } = options;
  const client = createOpenAiClient(options);
  const limiter = createLimiter({ ...options, concurrency: options.concurrency ?? 4 });
  const observe = createObserver(model, options.metrics);

  const call = async (input: string[], signal: AbortSignal): Promise<number[][]> => {
    try {
      const answer: unknown = await client.embeddings.create({ model, input, ...(sendDimensions ? { dimensions } : {}) }, { signal });
      return readAnswer(answer, { model, dimensions, count: input.length });
    } catch (error) {
      signal.throwIfAborted();
      throw classifyProviderError(error, { model, now: Date.now() });
    }
  };
  const request = (batch: Batch<string>, signal: AbortSignal): Promise<number[][]> => {
    const attributes = { 'gen_ai.request.model': model, 'gen_ai.operation.name': 'embeddings', 'loom.texts': batch.items.length };
    return withSpan('embed', attributes, () => observe(batch.tokens, () => call([...batch.items], signal)));
  };

  return {
    name: model,
    version: 1,
    dimensions,
    similarity: 'semantic',
    async embed(texts, { signal } = {}) {
      signal?.throwIfAborted();
      // Providers refuse blank texts; they have a vector of their own.
      const sent = texts.filter((text) => text.trim() !== '').map((text) => truncateToTokens(text, maxTextTokens));
      const batches = toBatches(sent, estimateTokens, { maxBatchItems, maxBatchTokens });
      const answers = await allOrNone(batches, signal, (batch, either) => limiter.run(batch.tokens, either, () => request(batch, either)));
      const vectors = answers.flat();
      let next = 0;
      return texts.map((text) => (text.trim() === '' ? blankVector(dimensions) : vectors[next++]!)); // as many as were sent, by readAnswer
    },
  };
}

/** Runs a task for each batch; the first failure stops the others, whose vectors nobody would get. */
async function allOrNone<T, R>(
  batches: readonly T[],
  signal: AbortSignal | undefined,
  task: (batch: T, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const failed = new AbortController();
  const either = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  try {
    return await Promise.all(batches.map((batch) => task(batch, either)));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

function createObserver(model: string, metrics: Metrics | undefined) {
  const seconds = metrics?.histogram('embedding_request_seconds', 'Requests to the embedding provider, retries included.', [
    'model',
    'outcome',
  ]);
  const tokensTotal = metrics?.counter('embedding_tokens_total', 'Estimated tokens sent to the embedding provider.', ['model']);
  return async <T>(tokens: number, call: () => Promise<T>): Promise<T> => {
    const stop = seconds?.startTimer({ model });
    tokensTotal?.inc({ model }, tokens);
    try {
      const result = await call();
      stop?.({ outcome: 'ok' });
      return result;
    } catch (error) {
      stop?.({ outcome: error instanceof LoomError ? error.code : 'failed' });
      throw error;
    }
  };
}
