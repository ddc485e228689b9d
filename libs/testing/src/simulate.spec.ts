import { describe, expect, it } from '@jest/globals';
import { simulate } from './simulate.js';

describe('a simulation', () => {
  it('runs events by time, and those of one moment in the order they were asked for', () => {
    const { at, after, runUntil, now } = simulate(1);
    const seen: string[] = [];
    at(20, () => seen.push(`c at ${now()}`));
    at(10, () => {
      seen.push(`a at ${now()}`);
      after(10, () => seen.push(`d at ${now()}`));
      after(0, () => seen.push(`b at ${now()}`));
    });
    runUntil(30);
    expect(seen).toEqual(['a at 10', 'b at 10', 'c at 20', 'd at 20']);
    expect(now()).toBe(30);
  });

  it('leaves what is due later for later', () => {
    const { at, runUntil } = simulate(1);
    let runs = 0;
    at(10, () => runs++);
    runUntil(9);
    expect(runs).toBe(0);
    runUntil(10);
    expect(runs).toBe(1);
  });

  it('never goes back in time', () => {
    const { at, runUntil, now } = simulate(1);
    runUntil(10);
    at(5, () => expect(now()).toBe(10));
    runUntil(10);
    expect.assertions(1);
  });

  it('keeps a long agenda in order', () => {
    const { at, runUntil, now, random } = simulate(7);
    const times: number[] = [];
    for (let i = 0; i < 1_000; i++) at(random() * 100, () => times.push(now()));
    runUntil(100);
    expect(times).toHaveLength(1_000);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('repeats its chance for a seed, and not for another', () => {
    const numbers = (seed: number) => Array.from({ length: 100 }, simulate(seed).random);
    expect(numbers(1)).toEqual(numbers(1));
    expect(numbers(1)).not.toEqual(numbers(2));
    expect(Math.min(...numbers(3))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers(3))).toBeLessThan(1);
  });
});
