// logging
export { createLogger, logLevels, silentLogger, type Logger, type LogFields, type LoggerOptions, type LogLevel } from './logger.js';
export { createMemoryLogger, type LogLine, type MemoryLogger } from './memory-logger.js';
export { isSecretName, redact, redactText, REDACTED } from './redact.js';
// metrics
export { createMetrics, type Counter, type Gauge, type Histogram, type LabelValues, type Metrics } from './metrics.js';
// tracing
export { parseTraceparent, type Traceparent } from './traceparent.js';
export { continueTrace, currentTraceId, currentTraceparent, withSpan } from './tracing.js';
export { createSpans, type OpenSpan, type SpanAttributes, type SpanOptions, type Spans } from './spans.js';
export { openTracing, type Tracing, type TracingSettings } from './open-tracing.js';
export { createMemorySpans, type FinishedSpan, type MemorySpans } from './memory-spans.js';
