import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Files of the reference page that others have written, from the npm package. */
export interface SwaggerUi {
  readonly version: string;
  read(name: string): Uint8Array;
}

export function swaggerUi(): SwaggerUi {
  const manifest = createRequire(import.meta.url).resolve('swagger-ui-dist/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return { version, read: (name) => readFileSync(join(dirname(manifest), name)) };
}
