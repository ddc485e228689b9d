import { readFileSync } from 'node:fs';
import type { ClientMetadata } from 'oidc-provider';
import { z } from 'zod';

const client = z
  .looseObject({
    client_id: z.string().min(1),
    grant_types: z
      .array(z.enum(['authorization_code', 'refresh_token', 'client_credentials']))
      .min(1)
      .default(['authorization_code', 'refresh_token']),
    redirect_uris: z.array(z.string()).default([]),
    /** Ours: an application of this platform's operator, which skips the page that asks for consent. */
    first_party: z.boolean().default(false),
    /** Ours: acts for who runs the platform, and may have the scopes that no person can give. */
    operator: z.boolean().default(false),
  })
  .refine(({ operator, grant_types }) => !operator || `${grant_types}` === 'client_credentials', {
    path: ['operator'],
    message: 'is for a client whose only grant type is client_credentials',
  })
  .transform((metadata): ClientMetadata => ({
    ...metadata,
    response_types: metadata.grant_types.includes('authorization_code') ? ['code'] : [],
  }));

/**
 * The OAuth clients: a JSON array of client metadata as RFC 7591, section 2, names it. Throws an error that names every
 * problem and no value, since some are secret. What only the provider can judge, it judges when it starts.
 */
export function readClients(path: string): ClientMetadata[] {
  const parsed = z.array(client).safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
}

function readJson(path: string): unknown {
  const text = readFileSync(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('not JSON'); // the parser's own message quotes the file
  }
}
