import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'dotenv';
import { z } from 'zod';
import { root } from './checkout.js';

const PORT_RANGE = 'must be a port from 0 to 65535';
const port = z.coerce.number(PORT_RANGE).int(PORT_RANGE).min(0, PORT_RANGE).max(65535, PORT_RANGE);

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;

const schema = z.object({
  /** The gateway. 0 takes a free port. */
  PORT: port.default(8080),
  /** The traces' page and query API. 0 takes a free port. */
  JAEGER_PORT: port.default(16686),
  /** Where data, logs and secrets live between starts. */
  TRELLIS_DATA_DIR: z.string().min(1, 'is empty').default('.trellis'),
  /** Given to every service: how it calls others. Relative to the checkout. */
  CALL_POLICIES_FILE: z
    .string()
    .transform((path) => resolve(root, path))
    .refine(existsSync, 'names no file')
    .optional(),
  LOG_LEVEL: z.enum(LEVELS, `must be one of ${LEVELS.join(', ')}`).default('info'),
});

export type LaunchConfig = z.infer<typeof schema>;

/** What children inherit of the environment: what the operating system and the terminal need, and nothing else. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'NODE_EXTRA_CA_CERTS'];

export function inheritedEnv(source: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((name) => (source[name] === undefined ? [] : [[name, source[name]]])));
}

/** Reads the environment over `.env`. Throws one error that lists every bad variable. */
export function readConfig(source: NodeJS.ProcessEnv = process.env, envFile = join(root, '.env')): LaunchConfig {
  const fromFile = existsSync(envFile) ? parse(readFileSync(envFile)) : {};
  const result = schema.safeParse({ ...fromFile, ...source });
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `  ${path.join('.')} ${message}`);
  throw new Error(['The configuration is not usable (environment or .env):', ...problems].join('\n'));
}
