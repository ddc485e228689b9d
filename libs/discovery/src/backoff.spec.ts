import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoff, refusalPause } from './backoff.js';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoff', () => {
  it('doubles its ceiling with each failure, up to five seconds', () => {
    const ceilings = [0, 1, 2, 3, 4, 5, 60].map((failures) => backoff(failures, () => 1));
    expect(ceilings).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  it('takes any time between nothing and its ceiling', () => {
    fc.assert(
      fc.property(fc.nat(2000), chance, (failures, random) => {
        const delay = backoff(failures, () => random);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(5000);
      }),
    );
  });

  it('waits at least five seconds after a refusal', () => {
    fc.assert(
      fc.property(chance, (random) => {
        expect(refusalPause(() => random)).toBeGreaterThanOrEqual(5_000);
        expect(refusalPause(() => random)).toBeLessThanOrEqual(15_000);
      }),
    );
  });
});
