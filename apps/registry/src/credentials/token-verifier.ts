import { unavailable } from '@trellis/errors';
import { type TokenVerifier, createTokenVerifier } from '@trellis/security';

/** Where access tokens come from; both or none. */
export interface TokenIssuer {
  readonly ISSUER_URL?: string | undefined;
  readonly JWKS_URL?: string | undefined;
  readonly TOKEN_AUDIENCE: string;
}

/** The registry lists instances without any of this; what an operator may change it keeps shut then. */
export function tokenVerifier({
  ISSUER_URL: issuer,
  JWKS_URL: jwksUrl,
  TOKEN_AUDIENCE: audience,
}: TokenIssuer): TokenVerifier {
  if (issuer !== undefined && jwksUrl !== undefined) return createTokenVerifier({ issuer, jwksUrl, audience });
  return {
    verify: async () => {
      throw unavailable('This registry cannot verify access tokens: set ISSUER_URL and JWKS_URL', {
        reason: 'NO_ISSUER',
      });
    },
  };
}
