import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextAttempt, restartPause } from './restart-pause.js';

describe('the pause before a restart', () => {
  it('grows and stays bounded', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (attempt) => {
        expect(restartPause(attempt)).toBeGreaterThan(0);
        expect(restartPause(attempt + 1)).toBeGreaterThanOrEqual(restartPause(attempt));
        expect(restartPause(attempt)).toBeLessThanOrEqual(30_000);
      }),
    );
  });

  it('starts over for an instance that was well in between', () => {
    expect(nextAttempt(7, 61_000)).toBe(1);
    expect(nextAttempt(7, 100)).toBe(8);
  });
});
