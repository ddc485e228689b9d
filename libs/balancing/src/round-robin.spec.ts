import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alike, names, somePool, tally, weighing } from './endpoints.fixture.js';
import { roundRobin } from './round-robin.js';

const over = (endpoints: ReturnType<typeof alike>) => {
  const picker = roundRobin().picker(() => 0);
  picker.prepare(endpoints);
  return picker;
};

describe('round robin', () => {
  it('begins with the first and goes on one by one', () => {
    expect(names(over(alike(3)), 4)).toEqual(['e0', 'e1', 'e2', 'e0']);
  });

  it('passes over what was tried and goes on after its choice', () => {
    const endpoints = alike(3);
    const picker = over(endpoints);
    for (const endpoint of endpoints.slice(0, 1)) endpoint.passed = true;
    expect(names(picker, 1)).toEqual(['e1']);
    for (const endpoint of endpoints) endpoint.passed = false;
    expect(names(picker, 1)).toEqual(['e2']);
  });

  it('keeps its place when the list changes', () => {
    const picker = over(alike(3));
    names(picker, 1);
    picker.prepare(alike(4));
    expect(names(picker, 1)).toEqual(['e1']);
  });

  it('picks index n mod N, whatever the weights', () => {
    fc.assert(
      fc.property(somePool, fc.integer({ min: 1, max: 50 }), (weights, picks) => {
        const expected = Array.from({ length: picks }, (_, n) => `e${n % weights.length}`);
        expect(names(over(weighing(...weights)), picks)).toEqual(expected);
      }),
    );
  });

  it('gives each the same share in every round', () => {
    const endpoints = alike(7);
    expect(tally(over(endpoints), endpoints, 21)).toEqual([3, 3, 3, 3, 3, 3, 3]);
  });
});
