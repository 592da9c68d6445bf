import { LoomError } from '@loomgraph/core';
import { withSpan, type Metrics } from '@loomgraph/telemetry';
import type { ChatModel, ChatQuestion } from '../chat-port.js';
import { classifyProviderError } from './classify.js';
import { createOpenAiClient, type OpenAiClientOptions } from './client.js';
import { createLimiter } from './limiter.js';
import { readChatAnswer, usageOf } from './read-chat-answer.js';
import { estimateTokens } from './tokens.js';

export interface OpenAiChatOptions extends Pick<OpenAiClientOptions, 'apiKey' | 'baseUrl' | 'timeoutMs'> {
  readonly model: string;
  /** Tokens of the answer; one that needs more is refused. */
  readonly maxAnswerTokens: number;
  /** Requests at once. Default 4. */
  readonly concurrency?: number;
  readonly metrics?: Metrics;
}

/** A language model behind the chat completions of the OpenAI protocol, which other providers speak too; answers by a strict schema, temperature 0. */
export function createOpenAiChat(options: OpenAiChatOptions): ChatModel {
  const { model, maxAnswerTokens, timeoutMs = 60_000, concurrency = 4 } = options;
  const client = createOpenAiClient({ ...options, timeoutMs, maxRetries: 0 });
  const limiter = createLimiter({ concurrency });
  const seconds = options.metrics?.histogram('ai_request_seconds', 'Requests to the language model provider.', ['model', 'outcome']);
  const tokens = options.metrics?.counter('ai_tokens_total', 'Tokens that were paid for, by the account of the provider.', [
    'kind',
    'model',
  ]);

  const call = async ({ instructions, input, format }: ChatQuestion, signal: AbortSignal | undefined): Promise<unknown> => {
    try {
      const answer: unknown = await client.chat.completions.create(
        {
          model,
          temperature: 0,
          max_completion_tokens: maxAnswerTokens,
          messages: [
            { role: 'system', content: instructions },
            { role: 'user', content: input },
          ],
          response_format: { type: 'json_schema', json_schema: { name: format.name, strict: true, schema: { ...format.schema } } },
        },
        signal === undefined ? {} : { signal },
      );
      const used = usageOf(answer) ?? { prompt: estimateTokens(instructions + input), completion: 0 };
      tokens?.inc({ kind: 'prompt', model }, used.prompt);
      tokens?.inc({ kind: 'completion', model }, used.completion);
      return readChatAnswer(answer, { model, maxAnswerTokens });
    } catch (error) {
      signal?.throwIfAborted();
      throw classifyProviderError(error, { model, now: Date.now() });
    }
  };

  return {
    name: model,
    ask: (question, { signal } = {}) =>
      limiter.run(0, signal ?? new AbortController().signal, () =>
        withSpan('ask', { 'gen_ai.request.model': model, 'gen_ai.operation.name': 'chat' }, async () => {
          const stop = seconds?.startTimer({ model });
          try {
            const answer = await call(question, signal);
            stop?.({ outcome: 'ok' });
            return answer;
          } catch (error) {
            stop?.({ outcome: error instanceof LoomError ? error.code : 'failed' });
            throw error;
          }
        }),
      ),
  };
}
