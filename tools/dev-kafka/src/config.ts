import { z } from 'zod';

const port = z.coerce
  .number('must be a number')
  .int('must be whole')
  .min(0, 'is below 0')
  .max(65_535, 'is above 65535');

const schema = z.object({
  NODE_ENV: z
    .string()
    .optional()
    .refine(
      (value) => value !== 'production',
      'is production: dev-kafka is for development and tests, run Apache Kafka',
    ),
  DEV_KAFKA_DATA_DIR: z.string('is missing: set it to the folder that keeps the logs').min(1, 'is empty'),
  DEV_KAFKA_HOST: z.string().min(1, 'is empty').default('127.0.0.1'),
  DEV_KAFKA_PORT: port.default(0),
});

export interface Config {
  readonly dataDir: string;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
}

/** Throws an error whose message has a line for each wrong variable. */
export function readConfig(source: Readonly<Record<string, string | undefined>> = process.env): Config {
  const result = schema.safeParse(source);
  if (!result.success) {
    throw new Error(result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'));
  }
  const { DEV_KAFKA_DATA_DIR: dataDir, DEV_KAFKA_HOST: host, DEV_KAFKA_PORT } = result.data;
  return { dataDir, host, port: DEV_KAFKA_PORT };
}
