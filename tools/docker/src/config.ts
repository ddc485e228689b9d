import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { root } from '@trellis/launch';

const folder = join(root, 'docker');

/** The folder of secrets, as docker compose finds it: the environment over docker/.env, seen from docker/. */
export function secretsFolder(environment = process.env): string {
  const settings = parseEnv(readFileSync(join(folder, '.env'), 'utf8'));
  return resolve(folder, environment['SECRETS_DIR'] ?? settings['SECRETS_DIR'] ?? 'secrets');
}
