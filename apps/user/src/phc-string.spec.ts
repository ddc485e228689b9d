import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readPhc, writePhc } from './phc-string.js';

const bytes = fc.uint8Array({ minLength: 8, maxLength: 64 }).map((array) => Buffer.from(array));

describe('PHC strings', () => {
  it('come back as they were written', () => {
    const hash = fc.record({
      memory: fc.integer({ min: 8, max: 1_000_000 }),
      passes: fc.integer({ min: 1, max: 99 }),
      parallelism: fc.integer({ min: 1, max: 99 }),
      salt: bytes,
      hash: bytes,
    });
    fc.assert(fc.property(hash, (original) => expect(readPhc(writePhc(original))).toEqual(original)));
  });

  it('read like those of other libraries', () => {
    // The form of the examples in https://github.com/P-H-C/phc-winner-argon2#command-line-utility
    const text = '$argon2id$v=19$m=65536,t=2,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b/dWRWJTmaaJObG';
    expect(readPhc(text)).toMatchObject({ memory: 65536, passes: 2, parallelism: 4, salt: Buffer.from('somesalt') });
    expect(writePhc(readPhc(text))).toBe(text);
  });

  it.each(['', 'password', '$argon2i$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA', '$argon2id$v=16$m=1,t=1,p=1$c2FsdA$aGFzaA'])(
    'refuse %j without repeating it',
    (text) => {
      expect(() => readPhc(text)).toThrow(new Error('A stored password hash is no PHC string of Argon2id'));
    },
  );
});
