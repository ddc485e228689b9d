import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { credentialFileIn, known, newSecret, readCredentials, writeCredentials } from './registry-credentials.js';

/** Services that announce themselves, with the proto packages that each may announce. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  gateway: [],
  auth: ['trellis.auth'],
  user: ['trellis.user'],
  blog: ['trellis.blog'],
};

export interface Secrets {
  /** For the registry: which credential may announce what, by hash. */
  readonly credentialsFile: string;
  /** For each service: the file that holds its credential. */
  credentialFile(service: string): string;
  /** For auth: the OAuth clients. */
  readonly clientsFile: string;
}

/** Name of the folder of secrets in the data folder. */
export const SECRETS = 'secrets';

/** In a folder of secrets: for the registry. */
export const credentialsFileIn = (folder: string): string => join(folder, 'registry-credentials.json');

/**
 * Makes what is missing in `folder` and keeps what is there. Files are for their owner alone. `credentialsFile`: where the
 * registry's is, if not in the folder itself.
 */
export function prepareSecrets(folder: string, credentialsFile = credentialsFileIn(folder)): Secrets {
  for (const each of [folder, dirname(credentialsFile)]) mkdirSync(each, { recursive: true, mode: 0o700 });
  const credentialFile = (service: string) => credentialFileIn(folder, service);
  const own = Object.entries(PACKAGES).map(([service, packages]) =>
    known(service, packages, keep(credentialFile(service), newSecret)),
  );
  const others = readCredentials(credentialsFile).filter(({ service }) => !(service in PACKAGES)); // of `addCredential`
  writeCredentials(credentialsFile, [...own, ...others]);
  const clientsFile = join(folder, 'oauth-clients.json');
  addClients(clientsFile);
  return { credentialsFile, credentialFile, clientsFile };
}

/** Client of scripts and other services: client credentials. */
export const DEVELOPMENT_CLIENT = 'trellis-dev';
/** Client of the command line: authorization code with PKCE, back to a loopback address (RFC 8252). */
export const COMMAND_LINE_CLIENT = 'trellis-cli';
export const COMMAND_LINE_REDIRECT = 'http://127.0.0.1/callback';
/** Client of the reference page that the gateway serves: authorization code with PKCE, back to the gateway on any port. */
export const REFERENCE_CLIENT = 'trellis-docs';
const REFERENCE_REDIRECTS = ['localhost', '127.0.0.1'].map((host) => `http://${host}/docs/oauth2-redirect.html`);

/** Metadata of an OAuth client (RFC 7591). */
interface Client {
  readonly client_id: string;
  readonly [name: string]: unknown;
}

/** The clients that are there stay as they are; those that this version has besides are added. */
function addClients(path: string): void {
  const there = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Client[]) : [];
  const missing = developmentClients().filter(({ client_id }) => !there.some((each) => each.client_id === client_id));
  if (missing.length > 0) write(path, `${JSON.stringify([...there, ...missing], null, 2)}\n`);
}

function developmentClients(): Client[] {
  return [
    {
      client_id: DEVELOPMENT_CLIENT,
      client_secret: newSecret(),
      client_name: 'Trellis development client',
      grant_types: ['client_credentials'],
      first_party: true,
      operator: true, // of this development platform: `npm run trellis -- drain` acts with it
    },
    {
      client_id: COMMAND_LINE_CLIENT,
      client_name: 'Trellis command line',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: [COMMAND_LINE_REDIRECT],
      first_party: true,
    },
    {
      client_id: REFERENCE_CLIENT,
      client_name: 'API reference',
      application_type: 'native', // a loopback address with a port that is not known beforehand (RFC 8252)
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      redirect_uris: REFERENCE_REDIRECTS,
      first_party: true,
    },
  ];
}

/** Writes what `make` returns unless the file is there. Returns what it holds. */
export function keep(path: string, make: () => string): string {
  if (!existsSync(path)) write(path, make());
  return readFileSync(path, 'utf8');
}

const write = (path: string, text: string): void => writeFileSync(path, text, { mode: 0o600 });
