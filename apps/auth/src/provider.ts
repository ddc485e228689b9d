import { StartupProblem } from '@trellis/service-defaults';
import type { Logger } from '@trellis/telemetry';
import { type Adapter, type Client, type ClientMetadata, type Configuration, Provider, errors } from 'oidc-provider';
import { consentPolicy, firstPartyGrant } from './consent.js';
import { renderError } from './errors.http.js';
import { SIGNING_ALGORITHM, type ProviderKeys } from './keys.js';
import { lifetimes } from './lifetimes.js';
import { interactionPath, routes } from './routes.js';
import { scopesFor } from './scopes.js';

export interface ProviderOptions {
  /** The public address, the gateway's. */
  readonly issuer: string;
  /** `aud` of access tokens. */
  readonly audience: string;
  readonly clients: readonly ClientMetadata[];
  readonly keys: ProviderKeys;
  readonly records: (model: string) => Adapter;
  readonly logger: Logger;
}

/**
 * The OpenID provider, as a Koa application. Whatever it knows is in the database, so any instance may answer any
 * request. Throws StartupProblem when a client's metadata is not usable.
 */
export async function createProvider(options: ProviderOptions): Promise<Provider> {
  const provider = new Provider(options.issuer, configuration(options));
  // Auth is reached through the gateway alone. It sets X-Forwarded-*; of the addresses only the last is its own word.
  provider.proxy = true;
  provider.maxIpsCount = 1;
  provider.silent = true; // Koa would print errors to stderr; ours are in the log
  provider.on('server_error', (_ctx, error) => options.logger.error({ err: error }, 'request failed'));
  provider.on('grant.error', (ctx, error) =>
    options.logger.info({ client: ctx.oidc.client?.clientId, error: error.message }, 'token refused'),
  );
  for (const { client_id } of options.clients) await requireUsable(provider, client_id);
  return provider;
}

async function requireUsable(provider: Provider, clientId: string): Promise<void> {
  try {
    await provider.Client.find(clientId);
  } catch (error) {
    const why = error instanceof errors.OIDCProviderError ? error.error_description : String(error);
    throw new StartupProblem(`AUTH_CLIENTS_FILE: the client ${clientId} is not usable: ${why}`);
  }
}

function configuration({ audience, clients, keys, records }: ProviderOptions): Configuration {
  return {
    adapter: records,
    clients: [...clients],
    jwks: { keys: [...keys.signing] },
    cookies: {
      keys: [...keys.cookie],
      long: { signed: true, httpOnly: true, sameSite: 'lax', path: '/oauth2' },
      short: { signed: true, httpOnly: true, sameSite: 'lax' },
    },
    routes,
    interactions: { policy: consentPolicy(), url: (_ctx, interaction) => interactionPath(interaction.uid) },
    loadExistingGrant: (ctx) => firstPartyGrant(ctx, audience),
    extraClientMetadata: { properties: ['first_party', 'operator'] },
    clientDefaults: { id_token_signed_response_alg: SIGNING_ALGORITHM },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    ttl: lifetimes,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource, client) => {
          if (resource !== audience) throw new errors.InvalidTarget();
          return {
            audience,
            scope: scopesFor(client).join(' '),
            accessTokenFormat: 'jwt',
            accessTokenTTL: lifetimes.AccessToken,
            jwt: { sign: { alg: SIGNING_ALGORITHM } },
          };
        },
      },
      // Off until something of ours needs them: each is one more thing to defend.
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    // The user service knows the people; a token says no more about them than who they are.
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    clientBasedCORS: (_ctx, origin, client) =>
      client.clientAuthMethod === 'none' && client.redirectUris?.some((uri) => isOf(client, uri, origin)) === true,
    renderError,
  };
}

/** Whether a page of the origin may stand at the client's URI. On a loopback address, any port is as good: RFC 8252, section 7.3. */
function isOf({ applicationType }: Client, uri: string, origin: string): boolean {
  const [own, asked] = [URL.parse(uri), URL.parse(origin)];
  if (!own || !asked) return false;
  const isLoopback = applicationType === 'native' && own.protocol === 'http:';
  return isLoopback ? own.protocol === asked.protocol && own.hostname === asked.hostname : own.origin === asked.origin;
}
