import { argon2Sync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Code } from '@trellis/errors';
import { PasswordHasher } from './password-hasher.js';
import { readPhc, writePhc } from './phc-string.js';

const { signal } = new AbortController();

describe('PasswordHasher', () => {
  const hasher = new PasswordHasher();

  it("hashes by OWASP's minimum, with a salt of its own each time", async () => {
    const [one, other] = await Promise.all([hasher.hash('secret 123', signal), hasher.hash('secret 123', signal)]);
    expect(readPhc(one)).toMatchObject({ memory: 19_456, passes: 2, parallelism: 1 });
    expect(one).not.toBe(other);
  });

  it('knows the password again, and no other one', async () => {
    const stored = await hasher.hash('pässword', signal);
    expect(await hasher.matches('pässword', stored, signal)).toBe(true);
    expect(await hasher.matches('password', stored, signal)).toBe(false);
  });

  it('verifies hashes of another cost, made before ours was raised', async () => {
    const cost = { memory: 64, passes: 3, parallelism: 2 };
    const salt = Buffer.from('somesalt');
    const hash = argon2Sync('argon2id', { ...cost, message: 'old password', nonce: salt, tagLength: 24 });
    const stored = writePhc({ ...cost, salt, hash });
    expect(await hasher.matches('old password', stored, signal)).toBe(true);
    expect(await hasher.matches('new password', stored, signal)).toBe(false);
  });

  it('matches nothing where there is no account', async () => {
    expect(await hasher.matches('secret 123', undefined, signal)).toBe(false);
  });

  it('refuses whom its queue cannot take, and serves the others', async () => {
    const small = new PasswordHasher({ concurrency: 1, queue: 2 });
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => small.hash('secret 123', signal)));
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(results[4]).toMatchObject({ reason: { code: Code.RESOURCE_EXHAUSTED, retryAfter: 1 } });
  });
});
