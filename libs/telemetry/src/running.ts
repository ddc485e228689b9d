import type { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import type { TracerProvider } from '@opentelemetry/sdk-trace';

/** What the preload installed. OpenTelemetry's own globals are write-only facades, so flush and scrape need these. */
export interface RunningTelemetry {
  readonly tracing: TracerProvider;
  readonly prometheus: PrometheusExporter;
}

let installed: RunningTelemetry | undefined;

export function useRunning(telemetry: RunningTelemetry): void {
  installed = telemetry;
}

/** Undefined in a process that was started without the preload. */
export const runningTelemetry = (): RunningTelemetry | undefined => installed;
