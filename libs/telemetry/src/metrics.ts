import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Meter, metrics } from '@opentelemetry/api';
import { runningTelemetry } from './running.js';

/** Makes counters and histograms. Without the preload they count nothing. */
export const meter = (): Meter => metrics.getMeter('trellis');

/** Answers a scrape in Prometheus' text format; 503 in a process that was started without the preload. */
export function metricsHandler(request: IncomingMessage, response: ServerResponse): void {
  const running = runningTelemetry();
  if (running) {
    running.prometheus.getMetricsRequestHandler(request, response);
    return;
  }
  response.writeHead(503, { 'content-type': 'text/plain' });
  response.end('# started without @trellis/telemetry/register, so nothing is measured\n');
}
