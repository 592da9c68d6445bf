import { createOpenAiChat } from '@loomgraph/ai';
import type { Metrics } from '@loomgraph/telemetry';
import { createLocalAnalyser } from '../domain/suggestions/local-analyser.js';
import type { SuggestionAnalyser } from '../domain/suggestions/suggestion-analyser.js';
import { MAX_ANSWER_TOKENS } from './analyser-prompt.js';
import { createOpenAiAnalyser } from './openai-analyser.js';
import { cutWords } from './word-cutter.js';

/** As `providerSettings` and the `analyser` of `resumesSettings` have them. */
export interface AnalyserSettings {
  readonly provider: { readonly apiKey?: { reveal(): string } | undefined; readonly baseUrl?: string | undefined };
  readonly analyser: { readonly kind?: 'local' | 'openai' | undefined; readonly model: string; readonly timeoutMs: number };
}

/** The language model where it is asked for, or a key is set; else the rules. One never stands in for the other. */
export function createConfiguredAnalyser(
  { provider, analyser }: AnalyserSettings,
  { metrics }: { readonly metrics: Metrics },
): SuggestionAnalyser {
  const { apiKey, baseUrl } = provider;
  const kind = analyser.kind ?? (apiKey ? 'openai' : 'local');
  if (kind === 'local') return createLocalAnalyser({ cut: cutWords });
  const chat = createOpenAiChat({
    // A local provider often asks for no key; the client insists on one.
    apiKey: apiKey ?? 'none',
    model: analyser.model,
    timeoutMs: analyser.timeoutMs,
    maxAnswerTokens: MAX_ANSWER_TOKENS,
    metrics,
    ...(baseUrl ? { baseUrl } : {}),
  });
  return createOpenAiAnalyser({ chat, cut: cutWords, metrics });
}
