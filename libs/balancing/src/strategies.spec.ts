import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@trellis/testing';
import fc from 'fast-check';
import { somePool, weighing } from './endpoints.fixture.js';
import { STRATEGY_NAMES, strategyOf } from './strategies.js';

describe.each(STRATEGY_NAMES)('%s', (name) => {
  const pickerFor = (seed: number) => strategyOf(name).picker(seededRandom(seed));

  it('picks nothing from nothing', () => {
    expect(pickerFor(1).pick(0, 7)).toBeUndefined();
  });

  it('picks the only one, tried or not weighing anything', () => {
    const picker = pickerFor(1);
    const [only] = weighing(0);
    picker.prepare(only ? [only] : []);
    expect(picker.pick(0, 7)).toBe(only);
  });

  it('finds one that was not tried exactly when there is one', () => {
    const pools = somePool.chain((weights) =>
      fc.record({
        weights: fc.constant(weights),
        tried: fc.subarray([...weights.keys()]),
        before: fc.nat(30),
        hash: fc.option(fc.integer(), { nil: undefined }),
      }),
    );
    fc.assert(
      fc.property(pools, fc.integer(), ({ weights, tried, before, hash }, seed) => {
        const endpoints = weighing(...weights);
        const picker = pickerFor(seed);
        picker.prepare(endpoints);
        for (let i = 0; i < before; i++) picker.pick(0, i);
        for (const [index, endpoint] of endpoints.entries()) endpoint.passed = tried.includes(index);
        const picked = picker.pick(0, hash);
        if (tried.length === weights.length) expect(picked).toBeUndefined();
        else expect(picked?.passed).toBe(false);
      }),
    );
  });

  it('picks from the newest list alone', () => {
    fc.assert(
      fc.property(somePool, somePool, fc.integer(), (before, after, seed) => {
        const picker = pickerFor(seed);
        picker.prepare(weighing(...before));
        for (let i = 0; i < 20; i++) picker.pick(0, i);
        const list = weighing(...after);
        picker.prepare(list);
        for (let i = 0; i < 20; i++) expect(list).toContain(picker.pick(0, i));
      }),
    );
  });
});

describe('a strategy', () => {
  it('takes options of its own beside its name', () => {
    const [busy, idle] = weighing(1, 1);
    if (!busy || !idle) throw new Error('two were made');
    busy.active = 100;
    const picks = (activeRequestBias: number) => {
      const picker = strategyOf({ name: 'least-request', activeRequestBias }).picker(seededRandom(1));
      picker.prepare([busy, idle]);
      return Array.from({ length: 50 }, () => picker.pick(0, undefined));
    };
    expect(picks(1)).not.toContain(busy);
    expect(picks(0)).toContain(busy);
  });
});
