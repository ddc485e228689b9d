import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@trellis/testing';
import { fits, tally, weighing } from './endpoints.fixture.js';
import { weightedRandom } from './weighted-random.js';

describe('weighted random', () => {
  it.each([[[1, 1, 1]], [[1, 2, 3, 4]], [[100, 1, 50]], [[0, 3, 0, 1]], [[0.25, 0.5]]])(
    'picks as often as %j says, by chi-square',
    (weights) => {
      const endpoints = weighing(...weights);
      const picker = weightedRandom().picker(seededRandom(1));
      picker.prepare(endpoints);
      expect(fits(tally(picker, endpoints, 20_000), weights)).toBe(true);
    },
  );

  it.each([[[0, 0, 0]], [[-1, NaN, Infinity]]])('picks all alike where %j says nothing', (weights) => {
    const endpoints = weighing(...weights);
    const picker = weightedRandom().picker(seededRandom(1));
    picker.prepare(endpoints);
    expect(fits(tally(picker, endpoints, 20_000), [1, 1, 1])).toBe(true);
  });
});
