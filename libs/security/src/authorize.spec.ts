import { describe, expect, it } from '@jest/globals';
import type { MethodPolicy } from '@trellis/contracts';
import { Code, type ServiceError } from '@trellis/errors';
import { authorize } from './authorize.js';
import { bearerToken } from './bearer-token.js';
import type { Caller } from './caller.js';

const policy = (changes: Partial<MethodPolicy>): MethodPolicy => ({
  public: false,
  scopes: [],
  callers: [],
  repeatable: false,
  ...changes,
});

const caller = (scopes: string[], service?: string): Caller => ({
  kind: service === undefined ? 'user' : 'service',
  subject: 's',
  scopes: new Set(scopes),
  token: 't',
  expiresAt: 0,
  ...(service !== undefined && { service }),
});

function outcome(who: Caller | undefined, changes: Partial<MethodPolicy>): unknown {
  try {
    authorize(who, policy(changes));
    return 'allowed';
  } catch (error) {
    const { code, reason, metadata } = error as ServiceError;
    return [code, reason, metadata];
  }
}

describe('authorize', () => {
  it.each([
    ['anybody may call what is public', undefined, { public: true }, 'allowed'],
    ['nobody else may without a token', undefined, {}, [Code.UNAUTHENTICATED, 'TOKEN_MISSING', {}]],
    ['a token is enough without scopes', caller([]), {}, 'allowed'],
    ['all scopes are needed', caller(['a', 'b']), { scopes: ['a', 'b'] }, 'allowed'],
    [
      'the missing one is named',
      caller(['a']),
      { scopes: ['a', 'b'] },
      [Code.PERMISSION_DENIED, 'SCOPE_MISSING', { scope: 'b' }],
    ],
    ['the named service may', caller([], 'auth'), { callers: ['auth'] }, 'allowed'],
    [
      'another service may not',
      caller([], 'blog'),
      { callers: ['auth'] },
      [Code.PERMISSION_DENIED, 'CALLER_NOT_ALLOWED', {}],
    ],
    [
      'a person may not, whatever the scopes',
      caller(['*']),
      { callers: ['auth'] },
      [Code.PERMISSION_DENIED, 'CALLER_NOT_ALLOWED', {}],
    ],
  ])('%s', (_, who, changes, expected) => {
    expect(outcome(who, changes)).toEqual(expected);
  });
});

describe('bearerToken', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Basic dXNlcg==', undefined],
    ['Bearer a b', undefined],
    ['Bearer abc.def-_~+/==', 'abc.def-_~+/=='],
    ['bearer  abc ', 'abc'],
  ])('%j → %j', (header, token) => expect(bearerToken(header)).toBe(token));
});
