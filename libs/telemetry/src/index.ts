export { telemetryEnv } from './config.js';
export { type Logger, type LoggerOptions, createLogger } from './create-logger.js';
export { flushTelemetry } from './flush-telemetry.js';
export { type SpanOptions, inSpan, tracer } from './in-span.js';
export { meter, metricsHandler } from './metrics.js';
export { attribute, spanName } from './names.js';
export { type TraceHeaders, contextFrom, currentTraceId, traceHeaders } from './propagation.js';
