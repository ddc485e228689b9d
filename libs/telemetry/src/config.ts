import { randomBytes } from 'node:crypto';
import { z } from 'zod';

const DEFAULT_SERVICE = 'unknown_service:node'; // what the OpenTelemetry specification asks of a process without a name

const schema = z.object({
  OTEL_SERVICE_NAME: z.string().min(1).default(DEFAULT_SERVICE),
  SERVICE_VERSION: z.string().min(1).default('0.1.0'),
  INSTANCE_ID: z.string().min(1).optional(),
  /** Base address such as http://127.0.0.1:4318. Absent or empty: nothing is exported. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .union([z.literal('').transform(() => undefined), z.url({ protocol: /^https?$/ })])
    .optional(),
  /** Share of new traces that are recorded, 0 to 1. A caller's decision wins over it. */
  TRACE_SAMPLE_RATIO: z.coerce.number().min(0).max(1).default(1),
});

export interface TelemetryConfig {
  readonly serviceName: string;
  readonly serviceVersion: string;
  readonly instanceId: string;
  /** Where traces go, as a full address. */
  readonly tracesUrl: string | undefined;
  readonly sampleRatio: number;
}

/** Reads the environment. Throws one error that lists every bad variable. */
export function readTelemetryConfig(source: NodeJS.ProcessEnv = process.env): TelemetryConfig {
  const result = schema.safeParse(source);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new Error(['The telemetry configuration is not usable:', ...problems].join('\n'));
  }
  const env = result.data;
  return {
    serviceName: env.OTEL_SERVICE_NAME,
    serviceVersion: env.SERVICE_VERSION,
    instanceId: env.INSTANCE_ID ?? `${env.OTEL_SERVICE_NAME}-${randomBytes(4).toString('hex')}`,
    tracesUrl: env.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/*$/, '/v1/traces'),
    sampleRatio: env.TRACE_SAMPLE_RATIO,
  };
}
