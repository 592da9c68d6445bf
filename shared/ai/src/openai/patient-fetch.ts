import { readRetryAfterMs } from './classify.js';

/** Above it the package ignores what the provider asks for. */
const PACKAGE_MAX_WAIT_MS = 60_000;
/** After the package's own timeout, which knows better what to do. */
const GRACE_MS = 1_000;

/**
 * A `fetch` for the `openai` package, which is the only layer that retries. Two things it leaves open (read in 7.55.0):
 *
 * - A `Retry-After` above 60 s is ignored and its own back-off of at most 8 s used instead, so a provider that asks for two minutes is
 *   called again at once. Past `maxRetryWaitMs` the answer is marked as not to be retried, and the caller learns the wait.
 * - Its timeout does not cover the body of an error answer; here one covers the whole exchange.
 */
export function createPatientFetch(options: { maxRetryWaitMs: number; timeoutMs: number }): typeof fetch {
  const { maxRetryWaitMs, timeoutMs } = options;
  return async (input, init) => {
    const signals = [init?.signal, AbortSignal.timeout(timeoutMs + GRACE_MS)].filter((signal) => signal instanceof AbortSignal);
    const response = await fetch(input, { ...init, signal: AbortSignal.any(signals) });
    const waitMs = response.ok ? undefined : readRetryAfterMs(response.headers, Date.now());
    if (waitMs === undefined || waitMs <= Math.min(maxRetryWaitMs, PACKAGE_MAX_WAIT_MS)) return response;
    const headers = new Headers(response.headers);
    headers.set('x-should-retry', 'false');
    return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
  };
}
