import { randomBytes } from 'node:crypto';
import { type JWK, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';

/** The one algorithm of every token: short signatures, and verified by every service. */
export const SIGNING_ALGORITHM = 'ES256';

export type SigningKey = JWK & { readonly kid: string };

/** What all instances of the provider share. Secret. */
export interface ProviderKeys {
  /** Private keys, the newest first: that one signs, all of them are published. Never empty. */
  readonly signing: readonly [SigningKey, ...SigningKey[]];
  /** Keys that sign cookies, the newest first: that one signs, all of them are accepted. */
  readonly cookie: readonly string[];
}

export async function newSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, alg: SIGNING_ALGORITHM, use: 'sig', kid: await calculateJwkThumbprint(jwk) };
}

export const newCookieKey = (): string => randomBytes(32).toString('base64url');
