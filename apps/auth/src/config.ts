import { commonEnv, databaseUrl, file, loadConfig, port } from '@trellis/service-defaults';
import { z } from 'zod';
import { readClients } from './clients.js';

const schema = z.object({
  ...commonEnv,
  DATABASE_URL: databaseUrl,
  /** Where the gateway reaches the pages and endpoints. */
  HTTP_PORT: port.default(0),
  /** Read once, here: the value is the clients themselves. */
  AUTH_CLIENTS_FILE: file
    .transform((path, context) => {
      try {
        return readClients(path);
      } catch (error) {
        context.addIssue(error instanceof Error ? error.message : 'not readable');
        return z.NEVER;
      }
    })
    .describe('the path of a JSON file with the OAuth clients'),
});

export type AuthConfig = Readonly<z.output<typeof schema>>;

/** Ends the process when a variable is missing or bad. */
export const readConfig = (source: NodeJS.ProcessEnv = process.env): AuthConfig => loadConfig(schema, source);
