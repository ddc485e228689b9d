import { describe, expect, it } from '@jest/globals';
import { methodPolicy } from '@trellis/contracts';
import { UserService } from '@trellis/contracts/user/v1';
import type { Caller, TokenVerifier } from '@trellis/security';
import { admit } from './admission.js';

const { createUser, getUser, verifyPassword } = UserService.method;
const caller = (token: string): Caller => ({
  kind: 'user',
  subject: 'u1',
  userId: 'u1',
  scopes: new Set(['user:read']),
  token,
  expiresAt: 0,
});
const verifier: TokenVerifier = { verify: async (token) => caller(token) };
const broken: TokenVerifier = { verify: () => Promise.reject(new Error('must not be asked')) };

describe('a caller', () => {
  it('of a public method needs no token, and none that is sent is looked at or handed on', async () => {
    expect(await admit(undefined, methodPolicy(createUser), broken)).toBeUndefined();
    expect(await admit('Bearer expired', methodPolicy(createUser), broken)).toBeUndefined();
  });

  it('has its token handed on when it is good for the method', async () => {
    expect(await admit('Bearer abc', methodPolicy(getUser), verifier)).toBe('abc');
  });

  it.each([undefined, '', 'abc', 'Basic abc', 'Bearer', 'Bearer a b'])('that sends %j has no token', async (header) => {
    await expect(admit(header, methodPolicy(getUser), broken)).rejects.toMatchObject({ reason: 'TOKEN_MISSING' });
  });

  it('who is no service is kept from what only services may call', async () => {
    const refused = admit('Bearer abc', methodPolicy(verifyPassword), verifier);
    await expect(refused).rejects.toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
  });
});
