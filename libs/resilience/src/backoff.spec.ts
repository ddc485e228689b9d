import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoff } from './backoff.js';

describe('backoff', () => {
  const options = fc.record({ baseMs: fc.integer({ min: 1, max: 1_000 }), capMs: fc.integer({ min: 1, max: 60_000 }) });
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it('is anything from nothing to a bound that doubles up to the cap', () => {
    fc.assert(
      fc.property(options, fc.integer({ min: 1, max: 2_000 }), chance, ({ baseMs, capMs }, retry, random) => {
        const delay = backoff({ baseMs, capMs }, retry, () => random);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(capMs, baseMs * 2 ** (retry - 1)));
      }),
    );
  });

  it.each([
    [1, 50],
    [2, 100],
    [3, 200],
    [4, 250],
  ])('of retry %i is %i ms with half of the luck', (retry, expected) => {
    expect(backoff({ baseMs: 100, capMs: 500 }, retry, () => 0.5)).toBe(expected);
  });
});
