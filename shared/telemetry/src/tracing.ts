import {
  context,
  isSpanContextValid,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import { parseTraceparent } from './traceparent.js';

const TRACER = 'loomgraph';

/**
 * Runs `fn` inside a span. A rejection marks the span as failed and is passed on; the span ends in either case.
 * Without an OpenTelemetry SDK in the process the API's spans record nothing and cost next to nothing.
 */
export async function withSpan<T>(name: string, attributes: Attributes, fn: (span: Span) => Promise<T> | T): Promise<T> {
  return trace.getTracer(TRACER).startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await fn(span);
    } catch (error) {
      const problem = error instanceof Error ? error : new Error(String(error));
      span.recordException(problem);
      span.setStatus({ code: SpanStatusCode.ERROR, message: problem.message });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The `traceparent` to send with a request or an event; undefined outside a traced operation. */
export function currentTraceparent(): string | undefined {
  const span = currentSpanContext();
  if (span === undefined) return undefined;
  const flags = (span.traceFlags & 0xff).toString(16).padStart(2, '0');
  return `00-${span.traceId}-${span.spanId}-${flags}`;
}

/** The id of the trace the caller is in, for log lines and error extensions. */
export function currentTraceId(): string | undefined {
  return currentSpanContext()?.traceId;
}

/** Runs `fn` as a continuation of the trace a received `traceparent` names; with none, or an invalid one, as it is. */
export function continueTrace<T>(traceparent: string | undefined, fn: () => T): T {
  const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  if (parent === undefined) return fn();
  const traceFlags = parent.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  const spanContext: SpanContext = { traceId: parent.traceId, spanId: parent.spanId, traceFlags, isRemote: true };
  return context.with(trace.setSpanContext(context.active(), spanContext), fn);
}

function currentSpanContext(): SpanContext | undefined {
  const span = trace.getSpanContext(context.active());
  return span !== undefined && isSpanContextValid(span) ? span : undefined;
}
