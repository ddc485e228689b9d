import { describe, expect, it } from '@jest/globals';
import { fits } from './endpoints.fixture.js';
import { hashOf, mix } from './hash.js';

describe('a hash', () => {
  it('is the same for the same text, on every machine', () => {
    expect(hashOf('')).toBe(mix(0x811c9dc5));
    expect(hashOf('user-1')).toBe(hashOf(['user', '1'].join('-')));
    expect(hashOf('user-1')).not.toBe(hashOf('user-2'));
  });

  it('spreads neighbours evenly', () => {
    const buckets = 64;
    for (const numbers of [mix, (n: number) => hashOf(`user-${n}`)]) {
      const counts = Array.from({ length: buckets }, () => 0);
      for (let n = 0; n < 64_000; n++) {
        const bucket = Math.floor((numbers(n) / 2 ** 32) * buckets);
        counts[bucket] = (counts[bucket] ?? 0) + 1;
      }
      expect(
        fits(
          counts,
          Array.from({ length: buckets }, () => 1),
        ),
      ).toBe(true);
    }
  });

  it('takes any integer', () => {
    for (const n of [-1, 0, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
      expect(mix(n)).toBeGreaterThanOrEqual(0);
      expect(mix(n)).toBeLessThan(2 ** 32);
    }
  });
});
