import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { createSpans, type SpanAttributes, type Spans } from './spans.js';

/** A span that has ended, as it would have been sent. */
export interface FinishedSpan {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: SpanAttributes;
  readonly hasFailed: boolean;
}

export interface MemorySpans {
  readonly spans: Spans;
  /** In the order in which they ended. */
  finished(): readonly FinishedSpan[];
}

/** Spans for tests, of the real SDK: kept instead of sent. */
export async function createMemorySpans(): Promise<MemorySpans> {
  const { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } = await import('@opentelemetry/sdk-trace');
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  return { spans: createSpans(provider.getTracer('memory')), finished: () => exporter.getFinishedSpans().map(toFinished) };
}

function toFinished(span: ReadableSpan): FinishedSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    name: span.name,
    kind: span.kind === SpanKind.SERVER ? 'server' : span.kind === SpanKind.CLIENT ? 'client' : 'internal',
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    attributes: span.attributes,
    hasFailed: span.status.code === SpanStatusCode.ERROR,
  };
}
