import { readFileSync } from 'node:fs';
import { file, instanceEnv, loadConfig, port } from '@trellis/service-defaults';
import { z } from 'zod';
import { Credentials } from './credentials.js';

const schema = z.object({
  ...instanceEnv,
  HTTP_PORT: port.default(0),
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
