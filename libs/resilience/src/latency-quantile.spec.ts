import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { latencyQuantile } from './latency-quantile.js';

describe('a latency quantile', () => {
  const options = { windowMs: 10_000, minimumVolume: 10 };

  it('is within five percent of the exact one', () => {
    const latencies = fc.array(fc.double({ min: 0.2, max: 100_000, noNaN: true }), { minLength: 10, maxLength: 300 });
    fc.assert(
      fc.property(latencies, fc.constantFrom(0.5, 0.95, 1), (seen, quantile) => {
        const estimate = latencyQuantile({ ...options, quantile });
        for (const latency of seen) estimate.record(latency, 0);
        const sorted = seen.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(quantile * sorted.length) - 1] ?? 0;
        expect(Math.abs((estimate.value(0) ?? 0) / exact - 1)).toBeLessThan(0.05);
      }),
    );
  });

  it('takes what no clock can have measured for the shortest', () => {
    const estimate = latencyQuantile({ ...options, quantile: 1 });
    for (const latency of [NaN, -5, 0, 1, 1, 1, 1, 1, 1, 1]) estimate.record(latency, 0);
    expect(estimate.value(0)).toBeCloseTo(1, 1);
  });

  it('is not known from a few, nor from those of long ago', () => {
    const estimate = latencyQuantile({ ...options, quantile: 0.5 });
    for (let call = 0; call < 9; call++) estimate.record(5, 0);
    expect(estimate.value(0)).toBeUndefined();
    estimate.record(5, 0);
    expect(estimate.value(19_999)).toBeCloseTo(5, 0);
    expect(estimate.value(20_000)).toBeUndefined();
  });
});
