import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { z } from 'zod';
import { root } from './checkout.js';

const port = z.coerce.number().int().min(0).max(65535);

const schema = z.object({
  /** The gateway. 0 takes a free port. */
  PORT: port.default(8080),
  /** The traces' page and query API. 0 takes a free port. */
  JAEGER_PORT: port.default(16686),
  /** Where data, logs and secrets live between starts. */
  TRELLIS_DATA_DIR: z.string().min(1).default('.trellis'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
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
  const problems = result.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error(['The configuration is not usable (environment or .env):', ...problems].join('\n'));
}
