import { readFileSync } from 'node:fs';
import { file, instanceEnv, loadConfig, platformEnv, port } from '@trellis/service-defaults';
import { z } from 'zod';
import { Credentials } from './credentials.js';

const schema = z.object({
  ...instanceEnv,
  HTTP_PORT: port.default(0),
  /** Both, or an operator can change nothing: instances are listed without them. */
  ISSUER_URL: platformEnv.ISSUER_URL.optional(),
  JWKS_URL: platformEnv.JWKS_URL.optional(),
  TOKEN_AUDIENCE: platformEnv.TOKEN_AUDIENCE,
  REGISTRY_CREDENTIALS_FILE: file
    .refine(holdsCredentials, 'No credentials file')
    .describe(
      'the path of a JSON file [{"service": "blog", "packages": ["trellis.blog"], "sha256": "<64 hex digits>"}]',
    ),
});

type RegistryConfig = Readonly<z.output<typeof schema>>;

export const readConfig = (): RegistryConfig => loadConfig(schema, process.env);

function holdsCredentials(path: string): boolean {
  try {
    new Credentials(readFileSync(path, 'utf8'));
    return true;
  } catch {
    return false; // its contents stay out of the message
  }
}
