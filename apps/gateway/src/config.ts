import { commonEnv, loadConfig, milliseconds, port, text } from '@trellis/service-defaults';
import { z } from 'zod';

const schema = z.object({
  ...commonEnv,
  /** The public port. */
  PORT: port.default(8080),
  /** How long a request may take in all. */
  REQUEST_TIMEOUT_MS: milliseconds.default(5_000),
  /** OAuth client under which people log in on `/docs`: a public one with PKCE. Absent: they paste a token. */
  REFERENCE_CLIENT_ID: text.optional(),
});

export type Config = Readonly<z.output<typeof schema>>;

export const readConfig = (): Config => loadConfig(schema, process.env);
