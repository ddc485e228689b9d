import { describe, expect, it } from '@jest/globals';
import { type ServiceError, invalidArgument, permissionDenied, unauthenticated, unavailable } from '@trellis/errors';
import { passwordCheck } from './password-check.js';

describe('passwordCheck', () => {
  const check = (failure: ServiceError) =>
    passwordCheck({ verifyPassword: () => Promise.reject(failure) }, () => Promise.resolve('a-token'))(
      'anna',
      'secret',
    );

  it.each([
    ['a wrong password', unauthenticated('Wrong username or password', { reason: 'WRONG_CREDENTIALS' })],
    ['a name that cannot be', invalidArgument([{ field: 'username', description: 'too long' }])],
  ])('says no to %s', async (_, failure) => {
    expect(await check(failure)).toBeUndefined();
  });

  it.each([
    ['nobody answers', unavailable('No instance', { reason: 'NO_INSTANCE' })],
    ['our own token is refused', unauthenticated('The token is not valid', { reason: 'TOKEN_INVALID' })],
    ['we may not ask', permissionDenied('Only other services may call this', { reason: 'CALLER_NOT_ALLOWED' })],
  ])('does not call the password wrong when %s', async (_, failure) => {
    await expect(check(failure)).rejects.toBe(failure);
  });
});
