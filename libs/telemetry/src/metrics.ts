import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Meter, metrics } from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { OPEN_METRICS, openMetrics } from './open-metrics.js';
import { runningTelemetry } from './running.js';

/** Makes counters and histograms. Without the preload they count nothing. */
export const meter = (): Meter => metrics.getMeter('trellis');

/** Milliseconds that a gauge may take to find its value; without it the others are told. */
const COLLECT_WITHIN_MS = 2_000;

const serializer = new PrometheusSerializer('', false, undefined, false, true);

/**
 * Answers a scrape: with OpenMetrics, exemplars and all, to who takes that, as Prometheus does, and else with Prometheus'
 * older text format. 503 in a process that was started without the preload.
 */
export async function metricsHandler(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const running = runningTelemetry();
  if (!running) {
    response.writeHead(503, { 'content-type': 'text/plain' });
    response.end('# started without @trellis/telemetry/register, so nothing is measured\n');
    return;
  }
  const { resourceMetrics } = await running.prometheus.collect({ timeoutMillis: COLLECT_WITHIN_MS });
  const text = serializer.serialize(resourceMetrics);
  if (request.headers.accept?.includes(OPEN_METRICS)) {
    response.setHeader('content-type', `${OPEN_METRICS}; version=1.0.0; charset=utf-8`);
    response.end(openMetrics(text, resourceMetrics));
  } else {
    response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    response.end(text);
  }
}
