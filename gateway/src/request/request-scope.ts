import { randomUUID } from 'node:crypto';
import { parseTraceparent } from '@loomgraph/telemetry';

/** Ids that other systems send are taken over when they cannot break a log line, a header or a label. */
const SANE_REQUEST_ID = /^[\w.:-]{1,128}$/;

/** What is known of an HTTP request to `/graphql` from its beginning. */
export interface RequestScope {
  readonly requestId: string;
  readonly traceparent: string | undefined;
  /** By `performance.now()`. */
  readonly startedAt: number;
}

export function openRequestScope(headers: { readonly [name: string]: string | string[] | undefined }): RequestScope {
  const traceparent = first(headers['traceparent']);
  return {
    requestId: toRequestId(first(headers['x-request-id'])),
    traceparent: traceparent !== undefined && parseTraceparent(traceparent) ? traceparent.trim() : undefined,
    startedAt: performance.now(),
  };
}

export function toRequestId(received: string | undefined): string {
  return received !== undefined && SANE_REQUEST_ID.test(received) ? received : newRequestId();
}

/** A UUID of version 7, which sorts by time. Node has random ones ready; asking for 10 random bytes each time costs more than all of this. */
function newRequestId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
