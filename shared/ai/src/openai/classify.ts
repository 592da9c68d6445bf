import { LoomError } from '@loomgraph/core';
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';

/** Statuses that may pass by themselves: https://platform.openai.com/docs/guides/error-codes */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 409, 429]);

/** The provider answered with something that is no answer to the request. */
export class UnreadableAnswer extends Error {}

/** Maps what the `openai` package throws onto AI_PROVIDER_UNAVAILABLE and AI_PROVIDER_REJECTED; the cause is kept. */
export function classifyProviderError(error: unknown, provider: { model: string; now: number }): LoomError {
  const { model } = provider;
  if (error instanceof LoomError) return error;
  if (error instanceof APIConnectionTimeoutError) return unavailable(model, 'did not answer in time', error);
  if (error instanceof APIConnectionError) return unavailable(model, 'cannot be reached', error);
  if (error instanceof APIError && typeof error.status === 'number') return classifyStatus(error, error.status, provider);
  // Neither status nor connection: the body could not be read as the answer it should be.
  return unavailable(model, 'gave an answer that cannot be read', error);
}

/** When a provider asks to come back, in milliseconds: `retry-after-ms`, or `retry-after` in seconds or as a date (RFC 9110 §10.2.3). */
export function readRetryAfterMs(headers: Headers | undefined, now: number): number | undefined {
  const milliseconds = headers?.get('retry-after-ms');
  if (milliseconds && Number.isFinite(Number(milliseconds))) return Math.max(0, Number(milliseconds));
  const retryAfter = headers?.get('retry-after');
  if (!retryAfter) return undefined;
  const waitMs = /^\s*\d+(\.\d+)?\s*$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - now;
  return Number.isFinite(waitMs) ? Math.max(0, Math.round(waitMs)) : undefined;
}

function classifyStatus(error: APIError, status: number, { model, now }: { model: string; now: number }): LoomError {
  if (status >= 500 || PASSING_STATUSES.has(status)) {
    const what = status === 429 ? 'asks to be called less often' : `answered with status ${status}`;
    return unavailable(model, what, error, { status, ...retryAfter(readRetryAfterMs(error.headers, now)) });
  }
  const code = error.code ? ` ${error.code}` : '';
  return new LoomError('AI_PROVIDER_REJECTED', `The provider of ${model} refused the request: ${status}${code}.`, {
    details: { model, status, ...(error.code ? { providerCode: error.code } : {}) },
    cause: error,
  });
}

function retryAfter(retryAfterMs: number | undefined): { retryAfterMs?: number } {
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

/** The message reaches clients: it names the model and nothing the provider said. */
function unavailable(model: string, what: string, cause: unknown, details: Record<string, unknown> = {}): LoomError {
  return new LoomError('AI_PROVIDER_UNAVAILABLE', `The provider of ${model} ${what}.`, { details: { model, ...details }, cause });
}
