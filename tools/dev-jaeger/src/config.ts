import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

const schema = z.object({
  NODE_ENV: z
    .string()
    .optional()
    .refine((value) => value !== 'production', 'dev-jaeger is for development and tests; run Jaeger in production'),
  /** Bind address of both servers. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** Query API and page. 0 takes a free port. */
  JAEGER_PORT: port.default(16_686),
  /** OTLP over HTTP. 0 takes a free port. */
  OTLP_PORT: port.default(4_318),
});

export interface Config {
  readonly host: string;
  readonly jaegerPort: number;
  readonly otlpPort: number;
}

/** Reads the environment. Throws one error that lists every bad variable. */
export function readConfig(source: NodeJS.ProcessEnv = process.env): Config {
  const result = schema.safeParse(source);
  if (!result.success) {
    throw new Error(result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  }
  const { HOST, JAEGER_PORT, OTLP_PORT } = result.data;
  return { host: HOST, jaegerPort: JAEGER_PORT, otlpPort: OTLP_PORT };
}
