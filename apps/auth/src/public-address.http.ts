import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * Every address that auth names lies below the issuer, whatever host a client says it asked: a metadata document or a
 * redirect that names somebody else's host would send codes and passwords there.
 */
export function publicAddress(issuer: string) {
  const { host, protocol } = new URL(issuer);
  return async ({ req: { headers } }: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    headers['x-forwarded-host'] = host;
    headers['x-forwarded-proto'] = protocol.slice(0, -1);
    await next();
  };
}
