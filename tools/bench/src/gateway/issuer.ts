import { generateKeyPairSync, sign } from 'node:crypto';
import type { Issuer } from './subject.js';

const AUDIENCE = 'urn:trellis:api';
const ISSUER = 'http://bench.example';
const KEY = 'k1';

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A key, and an access token (RFC 9068) for the run, signed with it (ES256). */
export function createIssuer(): { readonly issuer: Issuer; readonly token: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: KEY, alg: 'ES256', use: 'sig' };
  const now = Math.floor(Date.now() / 1000);
  const signed = `${encoded({ alg: 'ES256', kid: KEY, typ: 'at+jwt' })}.${encoded({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: '0197a3c2-0000-7000-8000-00000000002a',
    client_id: 'bench',
    scope: 'blog:read blog:write',
    jti: '0197a3c2-1111-7000-8000-0000000000ff',
    iat: now,
    exp: now + 3_600,
  })}`;
  // JWS has the two numbers side by side, not in DER (RFC 7518, 3.4).
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return {
    issuer: { url: ISSUER, audience: AUDIENCE, keys: { keys: [jwk] } },
    token: `${signed}.${signature.toString('base64url')}`,
  };
}
