import { randomBytes } from 'node:crypto';
import { z } from 'zod';

const DEFAULT_SERVICE = 'unknown_service:node'; // what the OpenTelemetry specification asks of a process without a name

/** Variables that can be wrong, for the schema of whoever tells people about theirs. */
export const telemetryEnv = {
  /** Base address. Absent: nothing is exported. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'No http address' })
    .describe('the base address of what receives OTLP, such as http://127.0.0.1:4318')
    .optional(),
  /** Share of new traces that are recorded. A caller's decision wins over it. */
  TRACE_SAMPLE_RATIO: z
    .string()
    .regex(/^(?:0|0?\.\d+|1|1\.0+)$/, 'Not from 0 to 1')
    .transform(Number)
    .describe('a share from 0 to 1, such as 0.1')
    .default(1),
} as const;

const schema = z.object({
  ...telemetryEnv,
  OTEL_SERVICE_NAME: z.string().default(DEFAULT_SERVICE),
  SERVICE_VERSION: z.string().default('0.1.0'),
  INSTANCE_ID: z.string().optional(),
});

export interface TelemetryConfig {
  readonly serviceName: string;
  readonly serviceVersion: string;
  readonly instanceId: string;
  /** Where traces go, as a full address. */
  readonly tracesUrl: string | undefined;
  readonly sampleRatio: number;
}

/**
 * Reads the environment; an empty variable is an absent one. A bad one makes all of them count as absent: this runs before
 * the service's own configuration, which has `telemetryEnv` too, names every problem at once and ends the process.
 */
export function readTelemetryConfig(source: NodeJS.ProcessEnv = process.env): TelemetryConfig {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value));
  const env = schema.safeParse(given).data ?? schema.parse({});
  return {
    serviceName: env.OTEL_SERVICE_NAME,
    serviceVersion: env.SERVICE_VERSION,
    instanceId: env.INSTANCE_ID ?? `${env.OTEL_SERVICE_NAME}-${randomBytes(4).toString('hex')}`,
    tracesUrl: env.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/*$/, '/v1/traces'),
    sampleRatio: env.TRACE_SAMPLE_RATIO,
  };
}
