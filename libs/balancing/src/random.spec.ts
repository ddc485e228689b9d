import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@trellis/testing';
import { alike, fits, tally, weighing } from './endpoints.fixture.js';
import { random } from './random.js';

describe('random', () => {
  const uniform = (count: number) => Array.from({ length: count }, () => 1);

  it.each([2, 3, 10, 1_000])('picks %i alike, by chi-square', (count) => {
    const endpoints = alike(count);
    const picker = random().picker(seededRandom(count));
    picker.prepare(endpoints);
    expect(fits(tally(picker, endpoints, 100 * count), uniform(count))).toBe(true);
  });

  it('does not look at weights', () => {
    const endpoints = weighing(1, 10, 100);
    const picker = random().picker(seededRandom(5));
    picker.prepare(endpoints);
    expect(fits(tally(picker, endpoints, 10_000), uniform(3))).toBe(true);
  });

  it('picks those alike that were not tried', () => {
    const endpoints = alike(5);
    for (const endpoint of endpoints.slice(0, 1)) endpoint.passed = true;
    const picker = random().picker(seededRandom(6));
    picker.prepare(endpoints);
    expect(fits(tally(picker, endpoints, 10_000), [0, 1, 1, 1, 1])).toBe(true);
  });
});
