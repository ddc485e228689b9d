export type { Caller } from './caller.js';
export { bearerToken } from './bearer-token.js';
export { type TokenVerifier, type TokenVerifierOptions, createTokenVerifier } from './token-verifier.js';
export { authorize } from './authorize.js';
