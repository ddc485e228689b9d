import { readFileSync } from 'node:fs';
import { file, instanceEnv, loadConfig, platformEnv, port } from '@trellis/service-defaults';
import { z } from 'zod';
import { Credentials } from './credentials/credentials.js';

const schema = z.object({
  ...instanceEnv,
  HTTP_PORT: port.default(0),
  /** Both, or an operator can change nothing: instances are listed without them. */
  ISSUER_URL: platformEnv.ISSUER_URL.optional(),
  JWKS_URL: platformEnv.JWKS_URL.optional(),
  TOKEN_AUDIENCE: platformEnv.TOKEN_AUDIENCE,
  /** Written again and again; without it a registry that starts knows nobody until they announce themselves. */
  REGISTRY_SNAPSHOT_FILE: z.string().min(1).describe('the path of a file that the registry may write').optional(),
  REGISTRY_CREDENTIALS_FILE: file
    .refine(holdsCredentials, 'No credentials file')
    .describe(
      'the path of a JSON file [{"service": "blog", "packages": ["trellis.blog"], "sha256": "<64 hex digits>"}]',
    ),
});

export type RegistryConfig = Readonly<z.output<typeof schema>>;

export const readConfig = (): RegistryConfig => loadConfig(schema, process.env);

function holdsCredentials(path: string): boolean {
  try {
    new Credentials(readFileSync(path, 'utf8'));
    return true;
  } catch {
    return false; // its contents stay out of the message
  }
}
