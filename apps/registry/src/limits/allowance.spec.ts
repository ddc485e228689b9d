import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Allowance } from './allowance.js';

describe('Allowance', () => {
  it('allows a burst and then its rate', () => {
    const allowance = new Allowance(3, 2, 0);
    const taken = [0, 0, 0, 0, 499, 500, 500, 1_000].map((now) => allowance.take(now));
    expect(taken).toEqual([true, true, true, false, false, true, false, true]);
  });

  it('never allows more than the burst and the rate together', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 200 }), (pauses) => {
        const allowance = new Allowance(10, 5, 0);
        let now = 0;
        let allowed = 0;
        for (const pause of pauses) {
          now += pause;
          if (allowance.take(now)) allowed += 1;
          expect(allowed).toBeLessThanOrEqual(10 + (now / 1000) * 5 + 1e-6);
        }
      }),
    );
  });
});
