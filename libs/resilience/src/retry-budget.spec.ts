import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { retryBudget } from './retry-budget.js';

describe('a retry budget', () => {
  it('is never exceeded', () => {
    const options = fc.record({
      ratio: fc.double({ min: 0, max: 1, noNaN: true }),
      floorPerSecond: fc.integer({ min: 0, max: 5 }),
      windowMs: fc.constantFrom(1_000, 10_000),
    });
    const steps = fc.array(fc.record({ pause: fc.oneof(fc.nat(20), fc.nat(4_000)), failures: fc.nat(3) }), {
      maxLength: 150,
    });
    fc.assert(
      fc.property(options, steps, ({ ratio, floorPerSecond, windowMs }, calls) => {
        const budget = retryBudget({ ratio, floorPerSecond, windowMs });
        const requests: number[] = [];
        const retries: number[] = [];
        let now = 0;
        for (const { pause, failures } of calls) {
          now += pause;
          budget.onRequest(now);
          requests.push(now);
          for (let failed = 0; failed < failures; failed++) {
            if (!budget.take(now)) continue;
            retries.push(now);
            const within = (times: number[]): number => times.filter((at) => at > now - windowMs).length;
            const allowed = Math.max((floorPerSecond * windowMs) / 1000, ratio * within(requests));
            expect(within(retries)).toBeLessThanOrEqual(allowed + 1e-9);
          }
        }
      }),
    );
  });

  it('keeps 200 requests a second, all of which fail, below 1.2 attempts each', () => {
    const budget = retryBudget();
    let attempts = 0;
    const seconds = 60;
    for (let request = 0; request < seconds * 200; request++) {
      const now = request * 5;
      budget.onRequest(now);
      attempts += budget.take(now) ? 2 : 1;
    }
    expect(attempts / (seconds * 200)).toBeLessThanOrEqual(1.2);
    expect(attempts / (seconds * 200)).toBeGreaterThan(1.15);
  });

  it('grants its floor to a service that is hardly called', () => {
    const budget = retryBudget({ floorPerSecond: 3, windowMs: 10_000 });
    budget.onRequest(0);
    expect(budget.left(0)).toBe(30);
    expect(Array.from({ length: 40 }, () => budget.take(0)).filter(Boolean)).toHaveLength(30);
    expect(budget.left(9_000)).toBe(0);
    expect(budget.left(20_000)).toBe(30);
  });
});
