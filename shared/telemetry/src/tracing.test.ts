import { AsyncLocalStorage } from 'node:async_hooks';
import {
  context,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Context,
  type ContextManager,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { createMemoryLogger } from './memory-logger.js';
import { parseTraceparent } from './traceparent.js';
import { continueTrace, currentTraceparent, withSpan } from './tracing.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const traceparent = `00-${TRACE_ID}-${SPAN_ID}-01`;

describe('tracing', () => {
  afterEach(() => {
    context.disable();
    trace.disable();
  });

  it('runs without an SDK and passes results and errors through', async () => {
    await expect(withSpan('work', { count: 1 }, async () => 7)).resolves.toBe(7);
    await expect(withSpan('work', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(currentTraceparent()).toBeUndefined();
  });

  it('continues a received trace, and logs its id', () => {
    useContextManager();
    const logger = createMemoryLogger();
    const seen = continueTrace(traceparent, () => {
      logger.info('inside');
      return currentTraceparent();
    });
    expect(seen).toBe(traceparent);
    expect(logger.lines[0]!.fields).toEqual({ traceId: TRACE_ID });
    expect(continueTrace('nonsense', currentTraceparent)).toBeUndefined();
  });

  it('marks the span of a rejection as failed and ends it', async () => {
    const log: string[] = [];
    useTracer(log);
    await expect(withSpan('work', { count: 1 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(log).toEqual(['start work {"count":1}', 'exception no', `status ${SpanStatusCode.ERROR}`, 'end']);
  });

  it.each([
    ['sampled', traceparent, { traceId: TRACE_ID, spanId: SPAN_ID, sampled: true }],
    ['not sampled', `00-${TRACE_ID}-${SPAN_ID}-00`, { traceId: TRACE_ID, spanId: SPAN_ID, sampled: false }],
    ['a later version with more fields', `cc-${TRACE_ID}-${SPAN_ID}-01-what`, { traceId: TRACE_ID, spanId: SPAN_ID, sampled: true }],
    ['version 00 with more fields', `${traceparent}-what`, undefined],
    ['version ff', `ff-${TRACE_ID}-${SPAN_ID}-01`, undefined],
    ['capital letters', traceparent.toUpperCase(), undefined],
    ['a zero trace id', `00-${'0'.repeat(32)}-${SPAN_ID}-01`, undefined],
    ['a zero span id', `00-${TRACE_ID}-${'0'.repeat(16)}-01`, undefined],
    ['empty', '', undefined],
  ])('reads a traceparent: %s', (_case, text, expected) => {
    expect(parseTraceparent(text)).toEqual(expected);
  });
});

function useContextManager(): void {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, fn, thisArg, ...args) => storage.run(active, () => fn.call(thisArg as never, ...args)),
    bind: (_active, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  context.setGlobalContextManager(manager);
}

/** Just enough of a tracer to see what `withSpan` does to its span. */
function useTracer(log: string[]): void {
  const span = {
    recordException: (error: Error) => log.push(`exception ${error.message}`),
    setStatus: (status: { code: number }) => log.push(`status ${status.code}`),
    end: () => log.push('end'),
  } as unknown as Span;
  const startActiveSpan = (name: string, options: { attributes: object }, fn: (span: Span) => unknown) => {
    log.push(`start ${name} ${JSON.stringify(options.attributes)}`);
    return fn(span);
  };
  trace.setGlobalTracerProvider({ getTracer: () => ({ startActiveSpan }) as unknown as Tracer });
}
