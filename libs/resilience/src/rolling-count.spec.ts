import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RollingCount } from './rolling-count.js';

const WINDOW = 1_000;

describe('a rolling count', () => {
  it('has what happened within the window between its two answers, whatever the pauses', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(60), fc.nat(3_000)), { maxLength: 200 }), (pauses) => {
        const count = new RollingCount(WINDOW);
        const events: number[] = [];
        let now = 0;
        for (const pause of pauses) {
          now += pause;
          const exact = events.filter((at) => at > now - WINDOW).length;
          expect(count.atLeast(now)).toBeLessThanOrEqual(exact);
          expect(count.atMost(now)).toBeGreaterThanOrEqual(exact);
          count.add(now);
          events.push(now);
        }
      }),
    );
  });

  it('forgets everything when told so', () => {
    const count = new RollingCount(WINDOW);
    count.add(10);
    count.clear();
    expect(count.atMost(10)).toBe(0);
  });
});
