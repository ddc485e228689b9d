import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { allScopes, isOperatorScope } from '@trellis/contracts';
import { COMMAND_LINE_CLIENT, COMMAND_LINE_REDIRECT, DEVELOPMENT_CLIENT } from '@trellis/launch';
import { z } from 'zod';
import { Failure } from './failure.js';
import { fetchJson } from './fetch-json.js';
import { logIn } from './log-in.js';
import { providerMetadata } from './provider-metadata.js';

export interface Person {
  readonly username: string;
  readonly password: string;
  /** Scopes with a space between; every scope of the contracts unless told, but those for operators. */
  readonly scope?: string;
}

const answer = z.object({ access_token: z.string(), scope: z.string().optional() });
const clients = z.array(z.looseObject({ client_id: z.string(), client_secret: z.string().optional() }));

/** An operator's scope is asked for when it is needed, and a person never has one. */
const defaultScope = (): string =>
  allScopes()
    .filter((scope) => !isOperatorScope(scope))
    .join(' ');
const random = (): string => randomBytes(32).toString('base64url');

/**
 * An access token of a person: authorization code with PKCE through the login page, as any application gets it. Throws
 * an error whose message is for people.
 */
export async function userToken(gatewayUrl: string, person: Person): Promise<string> {
  const metadata = await providerMetadata(gatewayUrl);
  const [verifier, state] = [random(), random()];
  const url = new URL(metadata.authorization_endpoint);
  const parameters = {
    client_id: COMMAND_LINE_CLIENT,
    redirect_uri: COMMAND_LINE_REDIRECT,
    response_type: 'code',
    scope: person.scope ?? defaultScope(),
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const { searchParams: result } = await logIn({ ...person, url, redirectUri: COMMAND_LINE_REDIRECT });
  const error = result.get('error');
  if (error !== null) throw new Failure(`The login was refused: ${result.get('error_description') ?? error}`);
  if (result.get('state') !== state || result.get('iss') !== metadata.issuer) {
    throw new Failure('The answer to the login belongs to another request'); // RFC 9207: or comes from somebody else
  }
  const code = result.get('code') ?? '';
  return await requestToken(metadata.token_endpoint, parameters.scope, {
    grant_type: 'authorization_code',
    client_id: COMMAND_LINE_CLIENT,
    redirect_uri: COMMAND_LINE_REDIRECT,
    code,
    code_verifier: verifier,
  });
}

/** An access token of the development client on its own behalf. Its secret is in the clients file. */
export async function clientToken(gatewayUrl: string, clientsFile: string, scope = defaultScope()): Promise<string> {
  const known = clients.parse(JSON.parse(await readFile(clientsFile, 'utf8')));
  const secret = known.find(({ client_id }) => client_id === DEVELOPMENT_CLIENT)?.client_secret;
  if (secret === undefined) throw new Failure(`${clientsFile} has no client ${DEVELOPMENT_CLIENT} with a secret`);
  const { token_endpoint } = await providerMetadata(gatewayUrl);
  const authorization = `Basic ${btoa(`${DEVELOPMENT_CLIENT}:${encodeURIComponent(secret)}`)}`;
  return await requestToken(token_endpoint, scope, { grant_type: 'client_credentials', scope }, { authorization });
}

/** A provider leaves out what it does not know or may not grant: better told here than by a 403 later. */
async function requestToken(
  endpoint: string,
  scope: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<string> {
  const body = await fetchJson(endpoint, { method: 'POST', headers, body: new URLSearchParams(fields) });
  const { access_token, scope: told } = answer.parse(body);
  const granted = told ?? scopeOf(access_token);
  const refused = scope.split(' ').filter((name) => name !== '' && !granted.split(' ').includes(name));
  if (refused.length === 0) return access_token;
  const operator = refused.some(isOperatorScope)
    ? '. A scope for operators is only for a client with "operator": true in the file of OAuth clients'
    : '';
  throw new Failure(`Not granted: ${refused.join(', ')}. There are: ${defaultScope()}${operator}`);
}

/** The answer of a provider leaves out the scope when there is none; what is in the token counts. */
function scopeOf(token: string): string {
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}');
  return z.object({ scope: z.string().default('') }).parse(claims).scope;
}
