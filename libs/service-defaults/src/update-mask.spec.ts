import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { UserSchema } from '@trellis/contracts/user/v1';
import { ServiceError } from '@trellis/errors';
import { maskedFields } from './update-mask.js';

const rules = { mutable: ['email', 'display_name'], ignored: ['etag'] } as const;
const masked = (
  paths: string[] | undefined,
  user: { email?: string; displayName?: string; username?: string } = {},
) => [...maskedFields(UserSchema, create(UserSchema, user), paths && create(FieldMaskSchema, { paths }), rules)];
const violations = (paths: string[]) => {
  try {
    return masked(paths);
  } catch (error) {
    return error instanceof ServiceError
      ? error.violations.map(({ field, description }) => `${field} ${description}`)
      : error;
  }
};

describe('maskedFields', () => {
  it('takes what the mask names, also when the message lacks it', () => {
    expect(masked(['email'])).toEqual(['email']);
    expect(masked(['display_name', 'email', 'email'])).toEqual(['display_name', 'email']);
  });

  it('takes what the message has when there is no mask', () => {
    expect(masked(undefined, { displayName: 'Ada', username: 'ada' })).toEqual(['display_name']);
    expect(masked([], { email: 'a@b.c' })).toEqual(['email']);
    expect(masked(undefined)).toEqual([]);
  });

  it('takes all mutable fields for a star', () => {
    expect(masked(['*'])).toEqual(['email', 'display_name']);
  });

  it('passes over what is to be ignored', () => {
    expect(masked(['etag', 'email'])).toEqual(['email']);
  });

  it('names every path that is unknown or cannot be changed', () => {
    expect(violations(['email', 'username', 'colour', 'displayName'])).toEqual([
      'update_mask "username" cannot be changed; what can be named: email, display_name',
      'update_mask "colour" is no field; what can be named: email, display_name',
      'update_mask "displayName" is no field; what can be named: email, display_name',
    ]);
  });
});
