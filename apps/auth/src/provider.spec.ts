import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@trellis/telemetry';
import type { Adapter } from 'oidc-provider';
import { newCookieKey, newSigningKey } from './keys.js';
import { createProvider } from './provider.js';

describe('createProvider', () => {
  it('refuses to start with a client that could never work, and names it', async () => {
    const start = createProvider({
      issuer: 'http://localhost:8080',
      audience: 'urn:trellis:api',
      clients: [{ client_id: 'app', client_secret: 'hidden', response_types: ['code'], redirect_uris: ['/relative'] }],
      keys: { signing: [await newSigningKey()], cookie: [newCookieKey()] },
      records: () => ({}) as Adapter,
      logger: createLogger({ name: 'auth', level: 'silent' }),
    });
    await expect(start).rejects.toThrow(/^AUTH_CLIENTS_FILE: the client app is not usable: redirect_uris/);
  });
});
