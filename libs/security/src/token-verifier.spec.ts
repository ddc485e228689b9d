import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Code } from '@trellis/errors';
import { ManualClock } from '@trellis/testing';
import { type CryptoKey, type JWK, type JWTPayload, SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from 'jose';
import { type TokenVerifier, createTokenVerifier } from './token-verifier.js';

const ISSUER = 'http://localhost:8080';
const AUDIENCE = 'urn:trellis:api';
const CLAIMS = { iss: ISSUER, aud: AUDIENCE, sub: 'user-1', client_id: 'web', scope: 'blog:read blog:write' };

/** An issuer whose keys are served over HTTP. */
class Issuer {
  readonly keys: JWK[] = [];
  fetches = 0;
  down = false;
  readonly #server = createServer((_, response) => {
    this.fetches++;
    response.statusCode = this.down ? 503 : 200;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: this.keys }));
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/jwks`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  async addKey(kid: string): Promise<CryptoKey> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    this.keys.push({ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' });
    return privateKey;
  }
}

const clock = new ManualClock(Date.now());
let issuer: Issuer;
let key: CryptoKey;
let jwksUrl: string;
let verifier: TokenVerifier;

beforeEach(async () => {
  issuer = new Issuer();
  key = await issuer.addKey('k1');
  jwksUrl = await issuer.listen();
  verifier = createTokenVerifier({ issuer: ISSUER, audience: AUDIENCE, jwksUrl, now: clock.now });
});
afterEach(() => issuer.close());

interface Header {
  readonly kid?: string;
  readonly typ?: string;
}

const seconds = () => Math.floor(clock.now() / 1000);
const sign = (claims: JWTPayload, signer = key, { kid = 'k1', typ = 'at+jwt' }: Header = {}) =>
  new SignJWT({ exp: seconds() + 60, ...claims }).setProtectedHeader({ alg: 'ES256', kid, typ }).sign(signer);

const refused = (reason: string) => ({ code: Code.UNAUTHENTICATED, reason });

describe('a verified token says who is calling', () => {
  it('a person', async () => {
    const token = await sign(CLAIMS);
    expect(await verifier.verify(token)).toEqual({
      kind: 'user',
      subject: 'user-1',
      userId: 'user-1',
      clientId: 'web',
      scopes: new Set(['blog:read', 'blog:write']),
      token,
      expiresAt: (seconds() + 60) * 1000,
    });
  });

  it('a client on its own behalf', async () => {
    const caller = await verifier.verify(await sign({ ...CLAIMS, sub: 'web' }));
    expect(caller).toMatchObject({ kind: 'client', clientId: 'web' });
    expect(caller).not.toHaveProperty('userId');
  });

  it('a service', async () => {
    const caller = await verifier.verify(await sign({ ...CLAIMS, sub: 'auth', trellis_service: 'auth' }));
    expect(caller).toMatchObject({ kind: 'service', service: 'auth', subject: 'auth' });
  });

  it('or is refused when it does not', async () => {
    const { client_id: _, ...claims } = CLAIMS;
    await expect(verifier.verify(await sign(claims))).rejects.toMatchObject(refused('TOKEN_INVALID'));
    const odd = await sign({ ...CLAIMS, trellis_service: ['auth'] });
    await expect(verifier.verify(odd)).rejects.toMatchObject(refused('TOKEN_INVALID'));
  });
});

describe('a token is refused', () => {
  it('when it is none', async () => {
    for (const token of ['', 'x', 'a.b.c', 'e30.e30.', 'x'.repeat(20_000)]) {
      await expect(verifier.verify(token)).rejects.toMatchObject(refused('TOKEN_INVALID'));
    }
  });

  it('without a signature (alg none)', async () => {
    const token = new UnsecuredJWT(CLAIMS).setExpirationTime('1h').encode();
    await expect(verifier.verify(token)).rejects.toMatchObject(refused('TOKEN_INVALID'));
  });

  it('signed with the public key as the secret (HS256)', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(issuer.keys[0]));
    const token = await new SignJWT({ ...CLAIMS, exp: seconds() + 60 })
      .setProtectedHeader({ alg: 'HS256', kid: 'k1', typ: 'at+jwt' })
      .sign(secret);
    await expect(verifier.verify(token)).rejects.toMatchObject(refused('TOKEN_INVALID'));
  });

  it('signed by somebody else under a known key id', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    await expect(verifier.verify(await sign(CLAIMS, privateKey))).rejects.toMatchObject(refused('TOKEN_INVALID'));
  });

  it('when its claims were changed', async () => {
    const [header, payload, signature] = (await sign(CLAIMS)).split('.');
    const claims: unknown = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...(claims as object), sub: 'user-2' })).toString('base64url');
    await expect(verifier.verify(`${header}.${changed}.${signature}`)).rejects.toMatchObject(refused('TOKEN_INVALID'));
  });

  it.each([
    ['expired', { exp: 1_000 }, 'TOKEN_EXPIRED'],
    ['for another audience', { aud: 'urn:other' }, 'TOKEN_AUDIENCE'],
    ['of another issuer', { iss: 'https://elsewhere' }, 'TOKEN_INVALID'],
    ['not valid yet', { nbf: 9_999_999_999 }, 'TOKEN_INVALID'],
    ['without a subject', { sub: undefined }, 'TOKEN_INVALID'],
  ])('%s', async (_, claims, reason) => {
    await expect(verifier.verify(await sign({ ...CLAIMS, ...claims }))).rejects.toMatchObject(refused(reason));
  });

  it('when it is an ID token', async () => {
    const token = await sign(CLAIMS, key, { typ: 'JWT' });
    await expect(verifier.verify(token)).rejects.toMatchObject(refused('TOKEN_INVALID'));
  });
});

describe('the memory of verified tokens', () => {
  it('answers without verifying again', async () => {
    const token = await sign(CLAIMS);
    const caller = await verifier.verify(token);
    expect(await verifier.verify(token)).toBe(caller);
  });

  it('ends when the token expires', async () => {
    const token = await sign(CLAIMS);
    await verifier.verify(token);
    clock.advance(61_000);
    await expect(verifier.verify(token)).rejects.toMatchObject(refused('TOKEN_EXPIRED'));
    await expect(verifier.verify(token)).rejects.toMatchObject(refused('TOKEN_EXPIRED'));
  });
});

describe('the keys', () => {
  it('are fetched once for many tokens', async () => {
    await Promise.all([1, 2, 3].map(async (n) => verifier.verify(await sign({ ...CLAIMS, sub: `user-${n}` }))));
    expect(issuer.fetches).toBe(1);
  });

  it('are not fetched again for each token with an unknown key id', async () => {
    await verifier.verify(await sign(CLAIMS));
    for (const kid of ['x', 'y', 'z']) {
      const forged = await sign(CLAIMS, key, { kid });
      await expect(verifier.verify(forged)).rejects.toMatchObject(refused('TOKEN_INVALID'));
    }
    expect(issuer.fetches).toBe(1);
  });

  it('are fetched again for one that the issuer added', async () => {
    await verifier.verify(await sign(CLAIMS));
    const added = await issuer.addKey('k2');
    const cooledDown = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 6_000); // jose reads the clock itself
    try {
      expect(await verifier.verify(await sign(CLAIMS, added, { kid: 'k2' }))).toMatchObject({ userId: 'user-1' });
      expect(issuer.fetches).toBe(2);
    } finally {
      cooledDown.mockRestore();
    }
  });

  it('go on verifying while the issuer is away', async () => {
    await verifier.verify(await sign(CLAIMS));
    await issuer.close();
    clock.advance(3_600_000);
    expect(await verifier.verify(await sign({ ...CLAIMS, sub: 'user-2' }))).toMatchObject({ userId: 'user-2' });
  });

  it('that cannot be fetched are UNAVAILABLE, no fault of the token', async () => {
    issuer.down = true;
    await expect(verifier.verify(await sign(CLAIMS))).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      reason: 'KEYS_UNREACHABLE',
    });
    issuer.down = false;
    clock.advance(500);
    expect(await verifier.verify(await sign(CLAIMS))).toMatchObject({ userId: 'user-1' });
  });

  it('are not asked for again right after the issuer answered with an error', async () => {
    issuer.down = true;
    for (const sub of ['user-1', 'user-2', 'user-3']) {
      await expect(verifier.verify(await sign({ ...CLAIMS, sub }))).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    }
    expect(issuer.fetches).toBe(1);
  });

  it('are not asked for again right after the issuer could not be reached', async () => {
    await issuer.close();
    const unreachable = { code: Code.UNAVAILABLE, reason: 'KEYS_UNREACHABLE' };
    await expect(verifier.verify(await sign(CLAIMS))).rejects.toMatchObject(unreachable);
    await expect(verifier.verify(await sign(CLAIMS))).rejects.toMatchObject(unreachable);
  });
});
