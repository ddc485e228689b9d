import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@trellis/testing';
import fc from 'fast-check';
import { type GcraOptions, gcra } from './gcra.js';

interface Arrival {
  readonly key: string;
  readonly at: number;
}

const options = fc.record({ burst: fc.integer({ min: 1, max: 8 }), intervalMs: fc.constantFrom(1, 7, 100) });

/** Arrivals of a few keys, in the order of time, often several at once. */
const arrivals = (keys: number) =>
  fc
    .array(
      fc.record({
        key: fc.nat(keys - 1).map((n) => `k${n}`),
        pause: fc.oneof(fc.constant(0), fc.nat(60), fc.nat(400)),
      }),
      {
        maxLength: 200,
      },
    )
    .map((steps) => {
      let at = 0;
      return steps.map(({ key, pause }): Arrival => ({ key, at: (at += pause) }));
    });

/** Times at which each key was allowed. */
function allowedOf(given: GcraOptions, all: readonly Arrival[]): Map<string, number[]> {
  const limit = gcra(given);
  const allowed = new Map<string, number[]>();
  for (const { key, at } of all) {
    if (limit.take(key, at) >= 0) allowed.set(key, [...(allowed.get(key) ?? []), at]);
  }
  return allowed;
}

/** Whether any window holds more than the law lets it: it is enough to look at those that begin and end with one. */
const breaksTheLaw = ({ burst, intervalMs }: GcraOptions, times: readonly number[]): boolean =>
  times.some((from, first) =>
    times.slice(first).some((to, after) => after + 1 > burst + (to - from) / intervalMs + 1e-9),
  );

describe('a rate limit', () => {
  it('lets no window have more than burst + time ÷ interval', () => {
    fc.assert(
      fc.property(options, arrivals(3), (given, all) => {
        for (const times of allowedOf(given, all).values()) expect(breaksTheLaw(given, times)).toBe(false);
      }),
    );
  });

  it('refuses nobody whom that law would let have one', () => {
    fc.assert(
      fc.property(options, arrivals(1), (given, all) => {
        const limit = gcra(given);
        const times: number[] = [];
        for (const { key, at } of all) {
          if (limit.take(key, at) >= 0) times.push(at);
          else expect(breaksTheLaw(given, [...times, at])).toBe(true);
        }
      }),
    );
  });

  it('holds for each key as if there were no other', () => {
    fc.assert(
      fc.property(options, arrivals(4), (given, all) => {
        const together = allowedOf(given, all);
        for (const [key, times] of together) {
          expect(
            allowedOf(
              given,
              all.filter((arrival) => arrival.key === key),
            ).get(key),
          ).toEqual(times);
        }
      }),
    );
  });

  it('says what is left, and how long a refused one has to wait', () => {
    const limit = gcra({ burst: 3, intervalMs: 100 });
    expect([0, 0].map((at) => limit.take('a', at))).toEqual([2, 1]);
    expect(limit.take('a', 40)).toBeCloseTo(0.4);
    expect(limit.take('a', 50)).toBeCloseTo(-0.5); // half an interval to go
    expect(limit.take('a', 99)).toBeLessThan(0);
    expect(limit.take('a', 100)).toBeCloseTo(0);
    expect(limit.take('a', 100_000)).toBe(2);
  });

  it('keeps nobody out for longer than a burst takes when the clock goes back', () => {
    const limit = gcra({ burst: 2, intervalMs: 100 });
    limit.take('a', 1_000_000);
    limit.take('b', 1_000_000);
    expect(limit.take('a', 0)).toBe(-1); // all of a burst to pay for, and no more
    expect(limit.take('b', 999_950)).toBeCloseTo(-0.5);
    expect(limit.take('b', 1_000_000)).toBeCloseTo(0);
  });
});

describe('the table of keys', () => {
  it('stays within its bound, and forgives nobody early to do so', () => {
    const few = fc.record({ burst: fc.integer({ min: 1, max: 4 }), intervalMs: fc.constantFrom(50, 200) });
    fc.assert(
      fc.property(few, fc.integer({ min: 1, max: 3 }), arrivals(5), (given, maxKeys, all) => {
        const limit = gcra({ ...given, maxKeys });
        const allowed = new Map<string, number[]>();
        for (const { key, at } of all) {
          if (limit.take(key, at) >= 0) allowed.set(key, [...(allowed.get(key) ?? []), at]);
          expect(limit.size).toBeLessThanOrEqual(maxKeys);
        }
        for (const times of allowed.values()) expect(breaksTheLaw(given, times)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives nobody a second burst who had one of what was shared', () => {
    const limit = gcra({ burst: 2, intervalMs: 100, maxKeys: 1 });
    limit.take('a', 0);
    expect(['b', 'b', 'b'].map((key) => limit.take(key, 99) >= 0)).toEqual([true, true, false]);
    expect(limit.take('b', 101)).toBeLessThan(0); // it has its own by now
    expect(limit.take('b', 200)).toBeGreaterThanOrEqual(0);
  });

  it('lets new keys share one allowance when all that it has still count, and has room again when they rest', () => {
    const limit = gcra({ burst: 2, intervalMs: 100, maxKeys: 2 });
    for (const key of ['a', 'b']) limit.take(key, 0);
    expect(['c', 'd', 'e'].map((key) => limit.take(key, 1) >= 0)).toEqual([true, true, false]);
    expect(limit.take('a', 1)).toBeGreaterThanOrEqual(0);
    expect(['c', 'c', 'd', 'd'].map((key) => limit.take(key, 500) >= 0)).toEqual([true, true, true, true]);
    expect(limit.size).toBe(2);
  });

  it('keeps about those that still count, of 100,000 that come and go', () => {
    const random = seededRandom(1);
    const limit = gcra({ burst: 5, intervalMs: 10 });
    let largest = 0;
    for (let now = 0; now < 10_000; now += 0.1) {
      limit.take(`k${Math.floor(random() * 1e9)}`, now);
      largest = Math.max(largest, limit.size);
    }
    expect(largest).toBeLessThan(300); // a hundred at a time count: ten a millisecond, for ten each
  });
});
