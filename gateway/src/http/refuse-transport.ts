import type { IncomingMessage } from 'node:http';
import { assertNever } from '@loomgraph/core';
import { isUtf8Json } from '../request/content-type.js';
import { CSRF_MESSAGE, isPreflighted } from '../request/csrf.js';
import { refuse, type Refusal } from '../request/refuse.js';
import { duplicateHeader } from './duplicate-headers.js';
import type { BodyLimits, ReadBody } from './read-body.js';

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

/** Refuses a request that says twice what may be said once. */
export function refuseDuplicate(request: IncomingMessage, requestId: string): Refusal | undefined {
  const name = duplicateHeader(request);
  if (name === undefined) return undefined;
  const message = `The header "${name}" stands more than once; what is in front of this server may have read another one of them.`;
  return refuse({ requestId, code: 'BAD_REQUEST', message, headers: { connection: 'close' }, reason: 'duplicateHeader' });
}

export function refuseCrossSite({ headers }: IncomingMessage, requestId: string): Refusal | undefined {
  return isPreflighted(headers) ? undefined : refuse({ requestId, code: 'BAD_REQUEST', message: CSRF_MESSAGE, reason: 'crossSite' });
}

export function refuseForm(requestId: string): Refusal {
  const message = 'The "accept" header allows neither application/graphql-response+json nor application/json.';
  return refuse({ requestId, code: 'BAD_REQUEST', status: 406, message });
}

/** Refuses a body that was not read to its end; the rest of it may still come, so the connection ends with the answer. */
export function refuseBody(body: Exclude<ReadBody, { readonly kind: 'text' }>, requestId: string, limits: BodyLimits): Refusal {
  const headers = { connection: 'close' };
  switch (body.kind) {
    case 'too large': {
      const { maxBodyBytes: max } = limits;
      const message = `The body is larger than ${max} bytes: at least ${body.bytes}.`;
      const details = { limit: 'bodyBytes', max, counted: body.bytes };
      return refuse({ requestId, code: 'REQUEST_TOO_LARGE', message, details, headers, reason: 'bodyBytes' });
    }
    case 'too slow': {
      const { requestTimeoutMs: max } = limits;
      const message = `The body did not arrive whole within ${max} ms.`;
      const details = { limit: 'bodyTime', max };
      return refuse({ requestId, code: 'REQUEST_TIMEOUT', message, details, headers, reason: 'bodyTime' });
    }
    case 'broken off':
      return refuse({ requestId, code: 'BAD_REQUEST', message: 'The body broke off.', headers });
    default:
      return assertNever(body);
  }
}
