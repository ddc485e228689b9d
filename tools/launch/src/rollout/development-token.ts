import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DEVELOPMENT_CLIENT } from '../secrets.js';
import type { TokenFor } from './smoke.js';

const clients = z.array(z.looseObject({ client_id: z.string(), client_secret: z.string().optional() }));
const answer = z.object({ access_token: z.string() });

/** Access tokens of the development client, whose secret is in the platform's file of clients. */
export function developmentToken(gatewayUrl: string, clientsFile: string): TokenFor {
  return async (scopes) => {
    const known = clients.parse(JSON.parse(await readFile(clientsFile, 'utf8')));
    const secret = known.find(({ client_id }) => client_id === DEVELOPMENT_CLIENT)?.client_secret ?? '';
    const response = await fetch(`${gatewayUrl}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${DEVELOPMENT_CLIENT}:${encodeURIComponent(secret)}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`auth gives no token: ${response.status}`);
    return answer.parse(await response.json()).access_token;
  };
}
