import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@trellis/testing';
import { hedging } from './hedging.js';

/** One of a hundred answers takes half a second, the others about ten milliseconds. */
const latency = (random: () => number): number => (random() < 0.01 ? 500 : 5 + 10 * random());

describe('hedging', () => {
  it('waits for what is usual, and does nothing while that is not known', () => {
    const hedge = hedging();
    const random = seededRandom(1);
    expect(hedge.delay(0)).toBeUndefined();
    for (let call = 0; call < 1_000; call++) hedge.record(latency(random), call);
    expect(hedge.delay(1_000)).toBeGreaterThan(12);
    expect(hedge.delay(1_000)).toBeLessThan(20);
  });

  it('is never sooner than its least delay', () => {
    const hedge = hedging({ minDelayMs: 5 });
    for (let call = 0; call < 100; call++) hedge.record(1, call);
    expect(hedge.delay(100)).toBe(5);
  });

  it('cuts the tail for a few percent more calls', () => {
    const hedge = hedging();
    const random = seededRandom(2);
    const seen: number[] = [];
    let second = 0;
    for (let call = 0; call < 20_000; call++) {
      const now = call * 5;
      hedge.onRequest(now);
      const first = latency(random);
      const delay = hedge.delay(now) ?? Infinity;
      const hedged = first > delay && hedge.take(now);
      if (hedged) second += 1;
      const took = hedged ? Math.min(first, delay + latency(random)) : first;
      hedge.record(took, now);
      seen.push(took);
    }
    const p999 = seen.toSorted((a, b) => a - b)[Math.floor(0.999 * seen.length)];
    expect(p999).toBeLessThan(50);
    expect(second / seen.length).toBeLessThan(0.1);
  });

  it('asks a second one for every twentieth call, as the quantile says, however long the tail is', () => {
    const hedge = hedging();
    const random = seededRandom(3);
    const exponential = () => -10 * Math.log(1 - random());
    let second = 0;
    for (let call = 0; call < 20_000; call++) {
      const now = call * 5;
      hedge.onRequest(now);
      const first = exponential();
      const delay = hedge.delay(now) ?? Infinity;
      if (first <= delay || !hedge.take(now)) {
        hedge.record(first, now);
        continue;
      }
      second += 1;
      const took = Math.min(first, delay + exponential());
      for (const latency of [took, took - delay]) hedge.record(latency, now);
    }
    expect(second / 20_000).toBeGreaterThan(0.04);
    expect(second / 20_000).toBeLessThan(0.06);
  });

  it('cannot double the load when everything becomes slow', () => {
    const hedge = hedging({ budget: 0.1 });
    for (let call = 0; call < 1_000; call++) {
      hedge.onRequest(call);
      hedge.record(5, call);
    }
    const granted = Array.from({ length: 1_000 }, () => hedge.take(1_000)).filter(Boolean);
    expect(granted.length).toBeLessThanOrEqual(100);
  });
});
