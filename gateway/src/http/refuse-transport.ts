import type { IncomingMessage } from 'node:http';
import { isUtf8Json } from '../request/content-type.js';
import { CSRF_MESSAGE, isPreflighted } from '../request/csrf.js';
import { refuse, type Refusal } from '../request/refuse.js';
import type { ReadBody } from './read-body.js';

export const ALLOWED = 'GET, HEAD, POST, OPTIONS';

/** Refuses a request by its head, before its body is read: undefined when it may go on. */
export function refuseByHead({ method, headers }: IncomingMessage, requestId: string): Refusal | undefined {
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

export function refuseCrossSite({ headers }: IncomingMessage, requestId: string): Refusal | undefined {
  return isPreflighted(headers) ? undefined : refuse({ requestId, code: 'BAD_REQUEST', message: CSRF_MESSAGE });
}

export function refuseForm(requestId: string): Refusal {
  const message = 'The "accept" header allows neither application/graphql-response+json nor application/json.';
  return refuse({ requestId, code: 'BAD_REQUEST', status: 406, message });
}

/** Refuses a body that was not read to its end; the rest of it may still come, so the connection ends with the answer. */
export function refuseBody(
  kind: Exclude<ReadBody['kind'], 'text'>,
  { requestId, maxBodyBytes }: { readonly requestId: string; readonly maxBodyBytes: number },
): Refusal {
  const isLarge = kind === 'too large';
  const message = isLarge ? `The body is larger than ${maxBodyBytes} bytes.` : 'The body broke off.';
  return refuse({ requestId, code: 'BAD_REQUEST', status: isLarge ? 413 : 400, message, headers: { connection: 'close' } });
}
