import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@trellis/testing';
import { alike, tally, weighing } from './endpoints.fixture.js';
import { maglev } from './maglev.js';

const over = (endpoints: ReturnType<typeof alike>) => {
  const picker = maglev().picker(seededRandom(1));
  picker.prepare(endpoints);
  return picker;
};

describe('maglev', () => {
  it.each([2, 10, 100])('shares keys evenly among %i', (count) => {
    const endpoints = alike(count);
    // Slots differ by one at most; what is left is the chance of 4,000 keys each.
    for (const keys of tally(over(endpoints), endpoints, 4_000 * count))
      expect(Math.abs(keys - 4_000)).toBeLessThan(400);
  });

  it('moves the keys of the one that leaves, and few others', () => {
    const endpoints = alike(10);
    const before = over(endpoints);
    const after = over(endpoints.slice(1));
    let others = 0;
    for (let key = 0; key < 10_000; key++) {
      const owner = before.pick(0, key);
      if (owner !== endpoints[0] && owner !== after.pick(0, key)) others++;
    }
    // The paper's figure 12: with a table of 65,537 about 1 % of the slots.
    expect(others / 10_000).toBeLessThan(0.03);
  });

  it('gives shares by weight', () => {
    const endpoints = weighing(1, 2, 5);
    const [one = 0, two = 0, five = 0] = tally(over(endpoints), endpoints, 80_000);
    expect(Math.abs(one - 10_000)).toBeLessThan(500);
    expect(Math.abs(two - 20_000)).toBeLessThan(800);
    expect(Math.abs(five - 50_000)).toBeLessThan(1_000);
  });

  it('does not depend on the order of the list', () => {
    const endpoints = weighing(3, 1, 2, 1, 5);
    const [one, other] = [over(endpoints), over(endpoints.toReversed())];
    for (let key = 0; key < 2_000; key++) expect(other.pick(0, key)).toBe(one.pick(0, key));
  });

  it('hands the keys of one that was tried to the same other each time', () => {
    const endpoints = alike(5);
    const picker = over(endpoints);
    const owner = picker.pick(0, 42);
    for (const endpoint of endpoints) endpoint.passed = endpoint === owner;
    const next = picker.pick(0, 42);
    expect(next).not.toBe(owner);
    expect(picker.pick(0, 42)).toBe(next);
  });

  it('picks anyone where there is no hash', () => {
    const picker = over(alike(3));
    expect(new Set(Array.from({ length: 100 }, () => picker.pick(0, undefined))).size).toBe(3);
  });
});
