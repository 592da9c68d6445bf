import { context, trace } from '@opentelemetry/api';
import { createSpans, type Spans } from './spans.js';

export interface TracingSettings {
  /** Base URL of an OTLP receiver over HTTP; spans are posted to `<endpoint>/v1/traces`. */
  readonly endpoint: string;
  /** Name of this process in traces. */
  readonly serviceName: string;
  /** Of the traces that begin here, 0 to 1; one that was begun elsewhere is recorded if its `traceparent` says so. */
  readonly samplingRatio: number;
  /** How long the receiver may take over one batch, repetitions included, and disposal over the last one; 3 s when left out. */
  readonly timeoutMs?: number;
}

export interface Tracing extends AsyncDisposable {
  readonly spans: Spans;
  /** Sends what is waiting; rejects when the receiver does not take it. */
  flush(): Promise<void>;
}

const TRACER = 'loomgraph';
const PATH = 'v1/traces';
const TIMEOUT_MS = 3_000;

/**
 * Starts sending spans to an OpenTelemetry receiver, in batches, from this process as a whole: spans of `withSpan` too.
 *
 * 1. The SDK (160 ms and 29 MB) is loaded here and nowhere else: a process that does not trace does not pay for it.
 * 2. A receiver that is down, or slow, costs spans and nothing else; requests never wait for it.
 * 3. Headers and compression of the exporter follow the standard's `OTEL_EXPORTER_OTLP_*` variables, which it reads itself.
 * 4. Disposal sends what is waiting, for `timeoutMs` at most, and ends tracing.
 */
export async function openTracing(settings: TracingSettings): Promise<Tracing> {
  const { endpoint, serviceName, samplingRatio, timeoutMs = TIMEOUT_MS } = settings;
  const [sdk, { OTLPTraceExporter }, { defaultResource, resourceFromAttributes }, { AsyncLocalStorageContextManager }] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/context-async-hooks'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/${PATH}`, timeoutMillis: timeoutMs });
  const provider = new sdk.TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': serviceName })),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(samplingRatio) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return {
    spans: createSpans(provider.getTracer(TRACER)),
    flush: () => provider.forceFlush(),
    async [Symbol.asyncDispose]() {
      trace.disable();
      context.disable();
      await within(timeoutMs, provider.shutdown());
    },
  };
}

/** What fails or is late is given up: nobody waits for these spans. */
async function within(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
