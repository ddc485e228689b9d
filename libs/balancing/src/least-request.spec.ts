import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@trellis/testing';
import { alike, fits, tally, weighing } from './endpoints.fixture.js';
import { leastRequest } from './least-request.js';

const over = (endpoints: ReturnType<typeof alike>, options = {}) => {
  const picker = leastRequest(options).picker(seededRandom(3));
  picker.prepare(endpoints);
  return picker;
};

describe('least request', () => {
  it('never takes the busiest of all', () => {
    const endpoints = alike(5);
    for (const endpoint of endpoints.slice(0, 1)) endpoint.active = 1;
    expect(tally(over(endpoints), endpoints, 500)[0]).toBe(0);
  });

  it('takes the less busy of any two', () => {
    const endpoints = alike(3);
    for (const [index, endpoint] of endpoints.entries()) endpoint.active = index;
    const [idle = 0, some = 0, busy = 0] = tally(over(endpoints), endpoints, 3_000);
    // Of the three pairs the idle one is in two, and wins both.
    expect(fits([idle, some, busy], [2, 1, 0])).toBe(true);
  });

  it('shares by weight among the idle', () => {
    const endpoints = weighing(1, 2, 3, 4);
    const [first = 0, , , last = 0] = tally(over(endpoints), endpoints, 10_000);
    expect(first / 10_000).toBeCloseTo(0.1, 1);
    expect(last / 10_000).toBeCloseTo(0.4, 1);
  });

  it('takes nobody of weight zero for being idle', () => {
    const endpoints = weighing(1, 0, 0);
    for (const endpoint of endpoints.slice(0, 1)) endpoint.active = 100;
    expect(tally(over(endpoints), endpoints, 200)).toEqual([200, 0, 0]);
  });

  it('counts calls for weight: four at four are no more than one at one', () => {
    const endpoints = weighing(4, 1);
    const [heavy, light] = endpoints;
    if (!heavy || !light) throw new Error('two were made');
    [heavy.active, light.active] = [3, 1];
    expect(tally(over(endpoints), endpoints, 100)).toEqual([100, 0]);
    [heavy.active, light.active] = [5, 1];
    expect(tally(over(endpoints), endpoints, 100)).toEqual([0, 100]);
  });

  it('bends the comparison by the bias', () => {
    const endpoints = weighing(4, 1);
    const [heavy, light] = endpoints;
    if (!heavy || !light) throw new Error('two were made');
    [heavy.active, light.active] = [5, 2];
    // 25 / 4 against 4 / 1, where 5 / 4 against 2 / 1 says the opposite.
    expect(tally(over(endpoints), endpoints, 100)).toEqual([100, 0]);
    expect(tally(over(endpoints, { activeRequestBias: 2 }), endpoints, 100)).toEqual([0, 100]);
  });
});
