export type { B3Style, ClaimedSpan } from './b3.js';
export { type AccessLog, createAccessLog } from './access-log.js';
export { telemetryEnv } from './config.js';
export { type Logger, type LoggerOptions, createLogger } from './create-logger.js';
export { flushTelemetry } from './flush-telemetry.js';
export { type SpanOptions, inSpan, markFailed, tracer } from './in-span.js';
export { meter, metricsHandler } from './metrics.js';
export { type PreparedHistogram, type Series, durationHistogram } from './prepared-histogram.js';
export { attribute, knownHttpMethod, metricName, spanName } from './names.js';
export {
  type TraceHeaders,
  claimedSpan,
  contextFrom,
  currentTraceId,
  spanHeaders,
  traceHeaders,
} from './propagation.js';
export { decideSampling } from './sampling.js';
