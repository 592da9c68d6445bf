import { readTimeoutHeader, TIMEOUT_HEADER } from '@loomgraph/core';
import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Aborted when the time that the gateway waits for this answer is over, or its connection has gone. Undefined for requests that do not say how
 * long that is: they may write, and run to their end.
 */
export function httpCancellation(request: IncomingMessage, response: ServerResponse): { readonly signal: AbortSignal } | undefined {
  const header = request.headers[TIMEOUT_HEADER];
  const timeoutMs = readTimeoutHeader(Array.isArray(header) ? header[0] : header);
  if (timeoutMs === undefined) return undefined;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('The time of the request is over.', 'TimeoutError')), timeoutMs).unref();
  response.once('close', () => {
    clearTimeout(timer);
    if (!response.writableFinished) controller.abort(new DOMException('Who asked has gone.', 'AbortError'));
  });
  return { signal: controller.signal };
}
