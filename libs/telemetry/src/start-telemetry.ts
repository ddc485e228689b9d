import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { TelemetryConfig } from './config.js';
import { preparedMetrics } from './prepared-histogram.js';
import { useRunning } from './running.js';
import { DecidedSampler } from './sampling.js';

/** Milliseconds that a span waits for others at most. Short, so that a developer sees the trace of the request just made. */
const BATCH_DELAY_MS = 500;
/** Spans kept while nobody takes them, some 1 KiB each. What comes on top is dropped: tracing never grows without end. */
const MAX_QUEUED_SPANS = 4096;
const MAX_BATCH_SPANS = 512;
/** Milliseconds in which the exporter tries again before it drops the batch. */
const EXPORT_TIMEOUT_MS = 5_000;
const MAX_EXPORTS_AT_ONCE = 2;

/**
 * Installs traces, metrics and the context that follows async calls for this process. Without `tracesUrl` spans still get
 * ids and nothing is sent. A receiver that is gone costs dropped spans and nothing else: the SDK's own diagnostics stay off.
 */
export function startTelemetry(config: TelemetryConfig): void {
  // What OTEL_RESOURCE_ATTRIBUTES tells, such as deployment.environment.name; our own names win.
  const resource = detectResources({ detectors: [envDetector] }).merge(
    resourceFromAttributes({
      [ATTR_SERVICE_NAME]: config.serviceName,
      [ATTR_SERVICE_VERSION]: config.serviceVersion,
      [ATTR_SERVICE_INSTANCE_ID]: config.instanceId,
    }),
  );
  const tracing = new TracerProvider({
    resource,
    sampler: new DecidedSampler(new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.sampleRatio) })),
    spanProcessors: config.tracesUrl === undefined ? [] : [batchesTo(config.tracesUrl)],
  });
  // Reads the metrics; what is told of them, and to whom, is `metricsHandler`'s.
  const prometheus = new PrometheusExporter({ preventServerStart: true, metricProducers: [preparedMetrics] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(tracing);
  metrics.setGlobalMeterProvider(new MeterProvider({ resource, readers: [prometheus] }));
  useRunning({ tracing, prometheus });
}

function batchesTo(url: string): BatchSpanProcessor {
  return new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS, concurrencyLimit: MAX_EXPORTS_AT_ONCE }),
    scheduledDelayMillis: BATCH_DELAY_MS,
    maxQueueSize: MAX_QUEUED_SPANS,
    maxExportBatchSize: MAX_BATCH_SPANS,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
  });
}
