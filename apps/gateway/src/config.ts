import { FileProblem } from '@trellis/config-file';
import { commonEnv, loadConfig, milliseconds, port, text } from '@trellis/service-defaults';
import { z } from 'zod';
import { readGatewayFile } from './file/read-gateway-file.js';

/** Path of a `gateway.yaml`, read and checked at once: see README.md. */
const gatewayFilePath = z
  .string()
  .transform((path, context) => {
    try {
      return readGatewayFile(path);
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      context.addIssue({ code: 'custom', message: `\n  ${error.message.replaceAll('\n', '\n  ')}\n` });
      return z.NEVER;
    }
  })
  .describe('the path of a good gateway.yaml, or leave it out');

const schema = z.object({
  ...commonEnv,
  /** The public port. */
  PORT: port.default(8080),
  /** How long a request may take in all. */
  REQUEST_TIMEOUT_MS: milliseconds.default(5_000),
  /** OAuth client under which people log in on `/docs`: a public one with PKCE. Absent: they paste a token. */
  REFERENCE_CLIENT_ID: text.optional(),
  /** Routes, policies and upstreams, followed as they change. Absent: what is built in and what contracts say. */
  GATEWAY_FILE: gatewayFilePath.optional(),
});

export type Config = Readonly<z.output<typeof schema>>;

export const readConfig = (): Config => loadConfig(schema, process.env);
