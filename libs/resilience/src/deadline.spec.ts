import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deadlineOf, timeLeft } from './deadline.js';

const time = fc.integer({ min: 0, max: 2 ** 45 });
const maybe = fc.option(time, { nil: undefined });

describe('deadlineOf', () => {
  it.each([
    ['neither', {}, 6_000],
    ['its own', { own: 1_500 }, 1_500],
    ['an inherited one', { inherited: 1_200 }, 1_200],
    ['both: the earlier', { own: 9_000, inherited: 1_200 }, 1_200],
    ['an inherited one that never comes, as of a stream', { inherited: Infinity }, 6_000],
    ['both: the earlier', { own: 1_100, inherited: 1_200 }, 1_100],
  ])('%s', (_, limits, expected) => {
    expect(deadlineOf({ ...limits, defaultTimeoutMs: 5_000 }, 1_000)).toBe(expected);
  });

  it('never outlasts the served call', () => {
    fc.assert(
      fc.property(maybe, time, time, (own, inherited, now) => {
        expect(deadlineOf({ own, inherited, defaultTimeoutMs: 5_000 }, now)).toBeLessThanOrEqual(inherited);
      }),
    );
  });
});

describe('timeLeft', () => {
  it('is what the clock has to go, and nothing from the deadline on', () => {
    expect([0, 999, 1_000, 1_001, Infinity].map((now) => timeLeft(1_000, now))).toEqual([1_000, 1, 0, 0, 0]);
  });
});
