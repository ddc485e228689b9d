import { z } from 'zod';
import { fetchJson } from './fetch-json.js';

const schema = z.object({
  issuer: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
});

/** Where the provider's endpoints are, by OpenID Connect Discovery 1.0. */
export type ProviderMetadata = z.infer<typeof schema>;

export async function providerMetadata(gatewayUrl: string): Promise<ProviderMetadata> {
  return schema.parse(await fetchJson(new URL('/.well-known/openid-configuration', gatewayUrl)));
}
