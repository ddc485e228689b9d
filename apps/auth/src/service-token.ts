import { randomUUID } from 'node:crypto';
import { SignJWT, importJWK } from 'jose';
import { SIGNING_ALGORITHM, type SigningKey } from './keys.js';

/** Seconds. It serves one call. */
const LIFETIME = 60;

export interface ServiceTokenOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly key: SigningKey;
}

/** Mints the token with which this service calls others on its own behalf: `trellis_service` says who it is. */
export function serviceTokenMint({ issuer, audience, key }: ServiceTokenOptions): () => Promise<string> {
  const privateKey = importJWK(key, SIGNING_ALGORITHM);
  return async () =>
    await new SignJWT({ client_id: 'auth', trellis_service: 'auth' })
      .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: 'at+jwt', kid: key.kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject('auth')
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME}s`)
      .sign(await privateKey);
}
