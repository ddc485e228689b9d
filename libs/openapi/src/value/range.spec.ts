import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Range, candidates, describeRange, fits } from './range.js';

const range = (given: Partial<Range<number>>): Range<number> => ({ in: [], notIn: [], examples: [], ...given });

describe('describeRange', () => {
  it.each<[string | undefined, Partial<Range<number>>]>([
    [undefined, {}],
    ['At least 1, at most 100.', { gte: 1, lte: 100 }],
    ['More than 0.', { gt: 0 }],
    ['More than 10 or less than 5.', { gt: 10, lt: 5 }],
    ['At least 1; not 3, 4.', { gte: 1, notIn: [3, 4] }],
    ['Not 0.', { notIn: [0] }],
  ])('%s', (text, given) => expect(describeRange(range(given), String)).toBe(text));
});

describe('candidates', () => {
  it('has one that fits where a whole number does', () => {
    const bound = fc.option(fc.integer({ min: -20, max: 20 }), { nil: undefined });
    fc.assert(
      fc.property(bound, bound, fc.boolean(), (lower, upper, strict) => {
        const given = range({
          ...(lower !== undefined && { [strict ? 'gt' : 'gte']: lower }),
          ...(upper !== undefined && { [strict ? 'lt' : 'lte']: upper }),
        });
        const isPossible = Array.from({ length: 50 }, (_, index) => index - 25).some((value) => fits(given, value));
        const isFound = candidates(given, [10, 1, 0], (value, by) => value + by).some((value) => fits(given, value));
        expect(isFound).toBe(isPossible);
      }),
    );
  });
});
