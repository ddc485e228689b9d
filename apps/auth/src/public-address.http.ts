import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * The gateway tells under which address it was asked (X-Forwarded-Host and -Proto). A request that came without it, from
 * inside, still gets answers that name the public address.
 */
export function publicAddress(issuer: string) {
  const { host, protocol } = new URL(issuer);
  return async ({ req: { headers } }: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    headers['x-forwarded-host'] ??= host;
    headers['x-forwarded-proto'] ??= protocol.slice(0, -1);
    await next();
  };
}
