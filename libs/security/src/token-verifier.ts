import type { Caller } from './caller.js';

export interface TokenVerifierOptions {
  /** The `iss` that a token must have: the public address. */
  readonly issuer: string;
  /** One of the token's `aud`. */
  readonly audience: string;
  /** Where the issuer's public keys are fetched; need not be below the issuer. */
  readonly jwksUrl: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export interface TokenVerifier {
  /**
   * Throws ServiceError: UNAUTHENTICATED with reason TOKEN_INVALID, TOKEN_EXPIRED or TOKEN_AUDIENCE; UNAVAILABLE when
   * the keys cannot be fetched.
   */
  verify(token: string): Promise<Caller>;
}

export function createTokenVerifier(_options: TokenVerifierOptions): TokenVerifier {
  return { verify: () => Promise.reject(new Error('not built yet')) };
}
