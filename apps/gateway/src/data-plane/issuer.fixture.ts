import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, type JWK, type JWTPayload, SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from 'jose';

export const ISSUER = 'http://gateway.test';
export const AUDIENCE = 'urn:trellis:api';

/** Signs access tokens and serves its keys over HTTP, as auth does. */
export class Issuer {
  #key: CryptoKey | undefined;
  #server: Server | undefined;
  jwksUrl = '';

  async start(): Promise<this> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    this.#key = privateKey;
    const keys: JWK[] = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }];
    const server = createServer((_, response) => response.end(JSON.stringify({ keys })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    this.jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    return this;
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  token(claims: JWTPayload = {}): Promise<string> {
    if (!this.#key) throw new Error('not started');
    return this.#sign(claims, this.#key);
  }

  /** Signed with somebody else's key under the same key id. */
  async forged(): Promise<string> {
    return this.#sign({}, (await generateKeyPair('ES256')).privateKey);
  }

  unsigned(): string {
    return new UnsecuredJWT(this.#claims({})).encode();
  }

  #sign(claims: JWTPayload, key: CryptoKey): Promise<string> {
    const header = { alg: 'ES256', kid: 'k1', typ: 'at+jwt' };
    return new SignJWT(this.#claims(claims)).setProtectedHeader(header).sign(key);
  }

  #claims(claims: JWTPayload): JWTPayload {
    const exp = Math.floor(Date.now() / 1000) + 60;
    return { iss: ISSUER, aud: AUDIENCE, sub: 'u1', client_id: 'web', scope: 'blog:read blog:write', exp, ...claims };
  }
}
