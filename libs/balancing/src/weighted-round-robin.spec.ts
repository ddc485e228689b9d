import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alike, names, somePool, tally, weighing } from './endpoints.fixture.js';
import { weightedRoundRobin } from './weighted-round-robin.js';

const over = (endpoints: ReturnType<typeof alike>) => {
  const picker = weightedRoundRobin().picker(() => 0);
  picker.prepare(endpoints);
  return picker;
};

describe('weighted round robin', () => {
  it('mixes the light in between the heavy', () => {
    expect(names(over(weighing(5, 1, 1)), 7)).toEqual(['e0', 'e1', 'e0', 'e0', 'e2', 'e0', 'e0']);
  });

  it('is round robin where weights are equal', () => {
    expect(names(over(weighing(3, 3, 3)), 6)).toEqual(['e0', 'e1', 'e2', 'e0', 'e1', 'e2']);
  });

  it('has given each its share to within one pick, after any number of picks', () => {
    fc.assert(
      fc.property(somePool, fc.integer({ min: 1, max: 400 }), (weights, picks) => {
        const endpoints = weighing(...weights);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const counts = tally(over(endpoints), endpoints, picks);
        for (const [index, count] of counts.entries()) {
          expect(Math.abs(count - (picks * (weights[index] ?? 0)) / total)).toBeLessThan(1);
        }
      }),
    );
  });

  it('gives each exactly its weight in each whole round', () => {
    const endpoints = weighing(4, 2, 1);
    expect(tally(over(endpoints), endpoints, 14)).toEqual([8, 4, 2]);
  });

  it('leaves out who weighs nothing, and nobody where nobody weighs anything', () => {
    expect(new Set(names(over(weighing(1, 0, 2)), 30))).toEqual(new Set(['e0', 'e2']));
    expect(new Set(names(over(weighing(0, 0)), 4))).toEqual(new Set(['e0', 'e1']));
  });

  it('goes on where it was when the list is prepared again', () => {
    const endpoints = weighing(3, 2, 1);
    const undisturbed = names(over(endpoints), 12);
    const picker = over(endpoints);
    const disturbed = Array.from({ length: 12 }, () => {
      picker.prepare(endpoints);
      return picker.pick(0, undefined)?.candidate.id;
    });
    expect(disturbed).toEqual(undisturbed);
  });

  it('keeps the turn of who was passed over', () => {
    const endpoints = alike(3);
    const picker = over(endpoints);
    for (const endpoint of endpoints.slice(0, 1)) endpoint.passed = true;
    expect(names(picker, 1)).toEqual(['e1']);
    for (const endpoint of endpoints) endpoint.passed = false;
    expect(names(picker, 2)).toEqual(['e0', 'e2']);
  });
});
