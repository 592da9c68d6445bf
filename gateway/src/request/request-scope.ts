import { randomBytes } from 'node:crypto';
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

/** All numbers of three hexadecimal digits. */
const HEX: readonly string[] = Array.from({ length: 4_096 }, (_, n) => n.toString(16).padStart(3, '0'));
/** Tells this process from others. */
const NODE = randomBytes(6).toString('hex');
let lastMs = 0;
let time = '';
let counter = 0;

/**
 * A UUID of version 7, which sorts by time: milliseconds, a counter (RFC 9562 §6.2, method 1) and what tells this process from others. Unique, and
 * no secret; with random bytes it took three times as long.
 */
function newRequestId(): string {
  const ms = Date.now();
  if (ms !== lastMs) {
    lastMs = ms;
    const digits = ms.toString(16).padStart(12, '0');
    time = `${digits.slice(0, 8)}-${digits.slice(8)}-7`;
  }
  counter = (counter + 1) % 0x100_0000;
  // The first digit of the fourth group is the variant.
  return `${time}${HEX[counter >> 12]}-8${HEX[counter & 0xfff]}-${NODE}`;
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
