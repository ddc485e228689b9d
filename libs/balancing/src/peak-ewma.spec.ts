import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@trellis/testing';
import { alike, tally, weighing } from './endpoints.fixture.js';
import { peakEwma } from './peak-ewma.js';

const DECAY = 1_000;
const strategy = peakEwma({ decayMs: DECAY });

/** Two endpoints, and which of them is picked at that time: 0, 1, or both alternately. */
function two(weights: readonly [number, number] = [1, 1]) {
  const [a, b] = weighing(...weights);
  if (!a || !b) throw new Error('two were made');
  const picker = strategy.picker(seededRandom(9));
  picker.prepare([a, b]);
  const chosen = (now: number) => {
    const picks = new Set(Array.from({ length: 50 }, () => picker.pick(now, undefined)));
    return picks.size === 2 ? 'both' : picks.has(a) ? 'a' : 'b';
  };
  return { a, b, chosen };
}

describe('peak EWMA', () => {
  it('takes the faster of two', () => {
    const { a, b, chosen } = two();
    strategy.learn?.(a, 'ok', 10, 0);
    strategy.learn?.(b, 'ok', 5, 0);
    expect(chosen(0)).toBe('b');
  });

  it('weighs a wait for calls that are out against speed', () => {
    const { a, b, chosen } = two();
    strategy.learn?.(a, 'ok', 10, 0);
    strategy.learn?.(b, 'ok', 5, 0);
    b.active = 1; // 5 × 2 against 10 × 1: the first stands
    expect(chosen(0)).toBe('both');
    b.active = 2;
    expect(chosen(0)).toBe('a');
  });

  it('believes a peak at once and forgets it slowly', () => {
    const [a] = alike(1);
    if (!a) throw new Error('one was made');
    strategy.learn?.(a, 'ok', 10, 0);
    strategy.learn?.(a, 'ok', 100, 0);
    expect(a.latency).toBe(100);
    strategy.learn?.(a, 'ok', 10, DECAY);
    expect(a.latency).toBeCloseTo(100 / Math.E + 10 * (1 - 1 / Math.E));
  });

  it('tries again who was slow long ago', () => {
    const { a, b, chosen } = two();
    strategy.learn?.(a, 'ok', 100, 0);
    strategy.learn?.(b, 'ok', 10, DECAY);
    expect(chosen(DECAY)).toBe('b');
    strategy.learn?.(b, 'ok', 10, 5 * DECAY);
    expect(chosen(5 * DECAY)).toBe('a');
  });

  it('sends a newcomer one call, and no other until it has answered', () => {
    const { a, b, chosen } = two();
    strategy.learn?.(b, 'ok', 10, 0);
    expect(chosen(0)).toBe('a');
    a.active = 1;
    b.active = 100;
    expect(chosen(0)).toBe('b');
    strategy.learn?.(a, 'ok', 5, 0);
    expect(chosen(0)).toBe('a');
  });

  it('loses trust in one that does not answer, before any timeout', () => {
    const { a, b, chosen } = two();
    strategy.learn?.(a, 'ok', 5, 0);
    strategy.learn?.(b, 'ok', 20, 0);
    a.active = 1;
    a.waitingSince = 0;
    expect(chosen(1)).toBe('a');
    expect(chosen(50)).toBe('b');
  });

  it('takes no failure for speed, and a long one for slowness', () => {
    const [a] = alike(1);
    if (!a) throw new Error('one was made');
    strategy.learn?.(a, 'ok', 50, 0);
    strategy.learn?.(a, 'failed', 1, 10);
    strategy.learn?.(a, 'overloaded', 1, 10);
    strategy.learn?.(a, 'cancelled', 1, 10);
    expect(a.latency).toBe(50);
    strategy.learn?.(a, 'failed', 1_000, 20);
    expect(a.latency).toBe(1_000);
  });

  it.each(['failed', 'overloaded'] as const)('does not become cheaper while its calls are %s', (result) => {
    const { a, b, chosen } = two();
    strategy.learn?.(a, 'ok', 20, 0);
    strategy.learn?.(b, 'ok', 10, 0);
    for (let now = 100; now <= 3 * DECAY; now += 100) {
      strategy.learn?.(a, result, 1, now);
      strategy.learn?.(b, 'ok', 10, now);
      expect(chosen(now)).toBe('b');
    }
  });

  it('counts calls that are out for weight', () => {
    const { a, b, chosen } = two([3, 1]);
    strategy.learn?.(a, 'ok', 10, 0);
    strategy.learn?.(b, 'ok', 10, 0);
    [a.active, b.active] = [5, 2]; // 5 × 2/3 against 2 × 2/1, with an average weight of 2
    expect(chosen(0)).toBe('a');
    [a.active, b.active] = [7, 2];
    expect(chosen(0)).toBe('b');
  });

  it('shares among equals', () => {
    const endpoints = alike(4);
    for (const endpoint of endpoints) strategy.learn?.(endpoint, 'ok', 10, 0);
    const picker = strategy.picker(seededRandom(2));
    picker.prepare(endpoints);
    for (const count of tally(picker, endpoints, 4_000)) expect(count).toBeGreaterThan(800);
  });
});
