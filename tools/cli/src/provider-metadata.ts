import { z } from 'zod';
import { Failure } from './failure.js';
import { fetchJson } from './fetch-json.js';

const schema = z.object({
  issuer: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
});

/** Where the provider's endpoints are, by OpenID Connect Discovery 1.0. */
export type ProviderMetadata = z.infer<typeof schema>;

export async function providerMetadata(gatewayUrl: string): Promise<ProviderMetadata> {
  const parsed = schema.safeParse(await fetchJson(new URL('/.well-known/openid-configuration', gatewayUrl)));
  if (!parsed.success) throw new Failure(`${gatewayUrl} is no gateway of Trellis`);
  return parsed.data;
}
