import type { FastifyError, FastifyRequest } from 'fastify';
import { isUtf8Json } from '../request/content-type.js';
import { CSRF_MESSAGE, isPreflighted } from '../request/csrf.js';
import { refuse, type Refusal } from '../request/refuse.js';

export const ALLOWED = 'GET, HEAD, POST, OPTIONS';

/** Refuses a request by its head, before its body is read: undefined when it may go on. */
export function refuseByHead({ method, headers }: FastifyRequest, requestId: string): Refusal | undefined {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return undefined;
  if (method !== 'POST') {
    const message = `GraphQL requests are sent by GET or POST, not by ${method}.`;
    return refuse({ requestId, code: 'BAD_REQUEST', status: 405, message, headers: { allow: ALLOWED } });
  }
  if (!isUtf8Json(headers['content-type'])) {
    const message = 'The body must be sent as "content-type: application/json", in UTF-8.';
    return refuse({ requestId, code: 'BAD_REQUEST', status: 415, message, headers: { accept: 'application/json' } });
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    const message = 'A compressed body is not taken here.';
    return refuse({ requestId, code: 'BAD_REQUEST', status: 415, message, headers: { 'accept-encoding': 'identity' } });
  }
  return undefined;
}

export function refuseCrossSite({ headers }: FastifyRequest, requestId: string): Refusal | undefined {
  return isPreflighted(headers) ? undefined : refuse({ requestId, code: 'BAD_REQUEST', message: CSRF_MESSAGE });
}

export function refuseForm(requestId: string): Refusal {
  const message = 'The "accept" header allows neither application/graphql-response+json nor application/json.';
  return refuse({ requestId, code: 'BAD_REQUEST', status: 406, message });
}

/** What Fastify found wrong while it read the body; undefined when it is not the client's mistake. */
export function refusalOfBody(
  error: FastifyError,
  options: { readonly requestId: string; readonly maxBodyBytes: number },
): Refusal | undefined {
  const { requestId, maxBodyBytes } = options;
  const { statusCode: status } = error;
  if (status === undefined || status < 400 || status >= 500) return undefined;
  const message = status === 413 ? `The body is larger than ${maxBodyBytes} bytes.` : error.message;
  return refuse({ requestId, code: 'BAD_REQUEST', status, message });
}
