import type { Target } from './target.js';
import { clientToken } from './token.js';

/** An access token for what an operator changes at the registry: the development client's own. */
export const operatorToken = (platform: Target): Promise<string> =>
  clientToken(platform.gatewayUrl(), platform.clientsFile(), 'registry:admin');
