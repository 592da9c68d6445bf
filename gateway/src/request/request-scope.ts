import { uuidSource } from '@loomgraph/core';
import type { Identity } from '@loomgraph/auth';
import { parseTraceparent } from '@loomgraph/telemetry';

/** Ids that other systems send are taken over when they cannot break a log line, a header or a label. */
const SANE_REQUEST_ID = /^[\w.:-]{1,128}$/;

/** What is known of one HTTP request to `/graphql`; filled in as the request proceeds, read by its log line and its metrics. */
export interface RequestScope {
  readonly requestId: string;
  readonly traceparent?: string;
  readonly startedAt: number;
  identity: Identity | null;
  /** Set once the operation is known to be valid, so that nobody can fill the metrics with invented names. */
  operationName?: string;
  operationType?: string;
  outcome: Outcome;
  readonly errorCodes: Set<string>;
}

/** `partial`: data and errors. */
export type Outcome = 'success' | 'partial' | 'error';

export function openRequestScope(headers: { readonly [name: string]: string | string[] | undefined }): RequestScope {
  const traceparent = first(headers['traceparent']);
  return {
    requestId: toRequestId(first(headers['x-request-id'])),
    ...(traceparent !== undefined && parseTraceparent(traceparent) ? { traceparent: traceparent.trim() } : {}),
    startedAt: performance.now(),
    identity: null,
    outcome: 'error',
    errorCodes: new Set(),
  };
}

export function toRequestId(received: string | undefined): string {
  return received !== undefined && SANE_REQUEST_ID.test(received) ? received : uuidSource.next();
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
