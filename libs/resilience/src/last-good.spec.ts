import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lastGood } from './last-good.js';

describe('the last good answer', () => {
  it('is there with its age, until it is too old', () => {
    const answers = lastGood<string>({ max: 10, maxBytes: 100, ageMs: 1_000 });
    answers.keep('a', 'first', 5, 0);
    answers.keep('a', 'second', 6, 100);
    expect(answers.find('a', 400)).toEqual({ answer: 'second', ageMs: 300 });
    expect(answers.bytes).toBe(6);
    expect(answers.find('a', 1_101)).toBeUndefined();
    expect([answers.size, answers.bytes]).toEqual([0, 0]);
    expect(answers.find('b', 0)).toBeUndefined();
  });

  it('makes room by forgetting what was kept or asked for longest ago', () => {
    const answers = lastGood<number>({ max: 2, maxBytes: 100, ageMs: 1_000 });
    answers.keep('a', 1, 1, 0);
    answers.keep('b', 2, 1, 0);
    answers.find('a', 1);
    answers.keep('c', 3, 1, 2);
    expect(['a', 'b', 'c'].map((key) => answers.find(key, 3)?.answer)).toEqual([1, undefined, 3]);
  });

  it('does not keep what is bigger than everything may be, nor the older answer to it', () => {
    const answers = lastGood<string>({ max: 10, maxBytes: 100, ageMs: 1_000 });
    answers.keep('a', 'small', 5, 0);
    answers.keep('a', 'huge', 101, 1);
    expect(answers.find('a', 2)).toBeUndefined();
    expect(answers.bytes).toBe(0);
  });

  it('stays within its bounds', () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), bytes: fc.nat(60), find: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const answers = lastGood<number>({ max: 3, maxBytes: 100, ageMs: 20 });
        for (const [now, { key, bytes, find }] of steps.entries()) {
          if (find) answers.find(key, now);
          else answers.keep(key, bytes, bytes, now);
          expect(answers.size).toBeLessThanOrEqual(3);
          expect(answers.bytes).toBeLessThanOrEqual(100);
          expect(answers.bytes).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
