import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * Headers of every answer. Pages add their own policy; this one is for whatever a browser shows besides. Only the public
 * keys may be cached.
 */
export async function securityHeaders(ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> {
  ctx.set({
    'Content-Security-Policy': "frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  });
  if (ctx.path !== '/oauth2/jwks') ctx.set('Cache-Control', 'no-store');
  await next();
}
