import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { parseTraceparent } from './traceparent.js';

/** Facts of a span, by OpenTelemetry's names where it has one. */
export type SpanAttributes = Readonly<Attributes>;

export interface SpanOptions {
  readonly kind?: 'server' | 'client' | 'internal';
  readonly attributes?: SpanAttributes;
}

/**
 * A span that is handed on and ended by hand, for code that must not pay for an active context.
 *
 * 1. Everything on it may be called at any time and throws nothing; after `end` nothing changes it.
 * 2. Where the sampler left its trace out, nothing is recorded, and `traceparent` says so to whoever continues the trace.
 */
export interface OpenSpan {
  readonly traceId: string;
  /** Names this span to whoever continues its trace. */
  readonly traceparent: string;
  readonly isRecording: boolean;
  child(name: string, options?: SpanOptions): OpenSpan;
  set(attributes: SpanAttributes): void;
  rename(name: string): void;
  fail(message?: string): void;
  end(): void;
}

/** Where spans come from. */
export interface Spans {
  /** The first span of this process in a trace; continues the trace of a received `traceparent`, if it is one. */
  start(name: string, options?: SpanOptions & { readonly traceparent?: string | undefined }): OpenSpan;
}

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };

/** Spans of an OpenTelemetry tracer: that of `openTracing`, or one of a provider that was set up elsewhere. */
export function createSpans(tracer: Tracer): Spans {
  return { start: (name, options = {}) => open(tracer, name, options, contextOf(options.traceparent)) };
}

function contextOf(traceparent: string | undefined): Context {
  const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  if (parent === undefined) return ROOT_CONTEXT;
  const { traceId, spanId, sampled } = parent;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  });
}

function open(tracer: Tracer, name: string, { kind = 'internal', attributes = {} }: SpanOptions, parent: Context): OpenSpan {
  const span: Span = tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes } }, parent);
  const { traceId, spanId, traceFlags } = span.spanContext();
  const flags = (traceFlags & 0xff).toString(16).padStart(2, '0');
  return {
    traceId,
    traceparent: `00-${traceId}-${spanId}-${flags}`,
    isRecording: span.isRecording(),
    child: (childName, options = {}) => open(tracer, childName, options, trace.setSpan(parent, span)),
    set: (more) => void span.setAttributes({ ...more }),
    rename: (newName) => void span.updateName(newName),
    fail: (message) => void span.setStatus({ code: SpanStatusCode.ERROR, ...(message === undefined ? {} : { message }) }),
    end: () => span.end(),
  };
}
