import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  AlwaysOnSampler,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { createSpans, type Spans } from './spans.js';
import { parseTraceparent } from './traceparent.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

describe('spans', () => {
  it('continues a received trace, and names each span for those who continue it', () => {
    const { spans, exporter } = inMemory();
    const root = spans.start('query', { kind: 'server', traceparent: `00-${TRACE_ID}-${SPAN_ID}-01`, attributes: { a: 1 } });
    const child = root.child('fetch', { kind: 'client' });
    expect(parseTraceparent(child.traceparent)).toMatchObject({ traceId: TRACE_ID, sampled: true });
    child.set({ b: [1, 2] });
    child.fail('down');
    child.end();
    root.rename('mutation');
    root.end();
    const [fetch, query] = exporter.getFinishedSpans();
    expect(query).toMatchObject({ name: 'mutation', kind: SpanKind.SERVER, attributes: { a: 1 }, parentSpanContext: { spanId: SPAN_ID } });
    expect(fetch).toMatchObject({
      name: 'fetch',
      kind: SpanKind.CLIENT,
      attributes: { b: [1, 2] },
      status: { code: SpanStatusCode.ERROR, message: 'down' },
      parentSpanContext: { spanId: query!.spanContext().spanId },
    });
    expect(parseTraceparent(child.traceparent)?.spanId).toBe(fetch!.spanContext().spanId);
  });

  it.each([undefined, 'nonsense'])('begins a trace where it is told of none: %s', (traceparent) => {
    const { spans } = inMemory();
    const span = spans.start('query', { traceparent });
    expect(parseTraceparent(span.traceparent)).toEqual({ traceId: span.traceId, spanId: expect.any(String), sampled: true });
  });

  it('records nothing of a trace that is left out, and passes that on', () => {
    const { spans, exporter } = inMemory();
    const span = spans.start('query', { traceparent: `00-${TRACE_ID}-${SPAN_ID}-00` });
    expect([span.isRecording, parseTraceparent(span.traceparent)?.sampled, span.traceId]).toEqual([false, false, TRACE_ID]);
    const child = span.child('fetch');
    expect(parseTraceparent(child.traceparent)?.sampled).toBe(false);
    child.end();
    span.end();
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});

function inMemory(): { readonly spans: Spans; readonly exporter: InMemorySpanExporter } {
  const exporter = new InMemorySpanExporter();
  const sampler = new ParentBasedSampler({ root: new AlwaysOnSampler(), remoteParentNotSampled: new AlwaysOffSampler() });
  const provider = new TracerProvider({ sampler, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  return { spans: createSpans(provider.getTracer('test')), exporter };
}
