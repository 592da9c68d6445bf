import { LoomError } from '@loomgraph/core';
import { UnreadableAnswer } from './classify.js';

/** Of an answer of chat completions, as far as it is read here; what comes over the network may lack any of it. */
interface CompletionBody {
  readonly choices?: readonly {
    readonly finish_reason?: string | null;
    readonly message?: { readonly content?: string | null; readonly refusal?: string | null } | null;
  }[];
  readonly usage?: { readonly prompt_tokens?: unknown; readonly completion_tokens?: unknown } | null;
}

/** What an answer cost, in tokens; undefined where the provider does not say. */
export function usageOf(answer: unknown): { readonly prompt: number; readonly completion: number } | undefined {
  const { prompt_tokens: prompt, completion_tokens: completion } = bodyOf(answer)?.usage ?? {};
  return isCount(prompt) && isCount(completion) ? { prompt, completion } : undefined;
}

/**
 * The JSON value that a model answered.
 * @throws UnreadableAnswer where there is none; LoomError AI_PROVIDER_REJECTED where the model refused, or was cut off
 */
export function readChatAnswer(answer: unknown, { model, maxAnswerTokens }: { model: string; maxAnswerTokens: number }): unknown {
  const choice = bodyOf(answer)?.choices?.[0];
  const reason = choice?.finish_reason;
  if (choice?.message?.refusal || reason === 'content_filter') throw rejected(model, 'refused to answer', { finishReason: reason ?? null });
  if (reason === 'length')
    throw rejected(model, `was cut off at ${maxAnswerTokens} tokens of answer`, { finishReason: reason, maxAnswerTokens });
  const content = choice?.message?.content;
  if (typeof content !== 'string') throw new UnreadableAnswer('There is no text in the answer.');
  try {
    return JSON.parse(content) as unknown;
  } catch (error) {
    throw new UnreadableAnswer('The text of the answer is no JSON.', { cause: error });
  }
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** A web page or a number comes through the client as it is. */
const bodyOf = (answer: unknown): CompletionBody | undefined =>
  typeof answer === 'object' && answer !== null && Array.isArray((answer as CompletionBody).choices) ? answer : undefined;

function rejected(model: string, what: string, details: Record<string, unknown>): LoomError {
  return new LoomError('AI_PROVIDER_REJECTED', `The provider of ${model} ${what}.`, { details: { model, ...details } });
}
