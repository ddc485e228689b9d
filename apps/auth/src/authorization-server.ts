import type { Logger } from '@trellis/telemetry';
import type { Provider } from 'oidc-provider';
import { answerErrors } from './errors.http.js';
import { interactionPages } from './interaction.http.js';
import type { Login } from './login.js';
import { type ProviderOptions, createProvider } from './provider.js';
import { publicAddress } from './public-address.http.js';
import { requestSpan } from './request-span.http.js';
import { securityHeaders } from './security-headers.http.js';

export interface AuthorizationServerOptions extends ProviderOptions {
  readonly login: Login;
  readonly logger: Logger;
}

/** Everything that answers under the public paths, in the order in which a request passes it. */
export async function createAuthorizationServer(options: AuthorizationServerOptions): Promise<Provider> {
  const provider = await createProvider(options);
  provider.use(requestSpan(options.logger));
  provider.use(publicAddress(options.issuer));
  provider.use(securityHeaders);
  provider.use(answerErrors(options.logger));
  provider.use(interactionPages(provider, options.login));
  return provider; // its own routes come last
}
