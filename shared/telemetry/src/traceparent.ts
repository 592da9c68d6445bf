import { TraceFlags } from '@opentelemetry/api';

/** https://www.w3.org/TR/trace-context/#traceparent-header: version, trace id, parent id, flags; later versions may append fields. */
const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

export interface Traceparent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** The span the text names: 16 hexadecimal digits. */
  readonly spanId: string;
  readonly sampled: boolean;
}

/** Reads a `traceparent`; undefined for a text that is none, as the specification asks for. */
export function parseTraceparent(text: string): Traceparent | undefined {
  const match = TRACEPARENT.exec(text.trim());
  if (match === null) return undefined;
  const [, version, traceId, spanId, flags, rest] = match;
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & TraceFlags.SAMPLED) !== 0 };
}
