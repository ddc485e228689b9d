import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mayRetry } from './retry.js';

const attempts = fc.record({
  outcome: fc.constantFrom('unsent' as const, 'unknown' as const, 'final' as const),
  attempt: fc.integer({ min: 1, max: 5 }),
  repeatable: fc.boolean(),
  timeLeft: fc.nat(10_000),
});

describe('mayRetry', () => {
  it.each([
    ['unsent', true, true],
    ['unsent', false, true],
    ['unknown', true, true],
    ['unknown', false, false],
    ['final', true, false],
    ['final', false, false],
  ] as const)('%s, repeatable %s → %s', (outcome, repeatable, expected) => {
    expect(mayRetry({ outcome, repeatable, attempt: 1, timeLeft: 100 })).toBe(expected);
  });

  it('never tries a third time, nor when the time is over', () => {
    fc.assert(
      fc.property(attempts, (failed) => {
        expect(mayRetry({ ...failed, attempt: failed.attempt + 1 })).toBe(false);
        expect(mayRetry({ ...failed, timeLeft: 0 })).toBe(false);
      }),
    );
  });

  it('tries as often as it is told', () => {
    const failed = { outcome: 'unsent', repeatable: false, timeLeft: 100, maxAttempts: 3 } as const;
    expect([1, 2, 3].map((attempt) => mayRetry({ ...failed, attempt }))).toEqual([true, true, false]);
  });

  it('never sends a write twice that may have arrived', () => {
    fc.assert(
      fc.property(attempts, (failed) => {
        expect(mayRetry({ ...failed, outcome: 'unknown', repeatable: false })).toBe(false);
      }),
    );
  });
});
