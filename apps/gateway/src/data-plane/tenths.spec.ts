import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tenths } from './tenths.js';

describe('milliseconds in an answer or a line', () => {
  it.each([
    [0, '0.0'],
    [0.04, '0.0'],
    [0.05, '0.1'],
    [9.96, '10.0'],
    [1234.56, '1234.6'],
  ])('%f is %s', (ms, text) => expect(tenths(ms)).toBe(text));

  it('are within half a tenth', () => {
    const duration = fc.double({ min: 0, max: 86_400_000, noNaN: true });
    fc.assert(
      fc.property(duration, (ms) => {
        expect(tenths(ms)).toMatch(/^\d+\.\d$/);
        expect(Math.abs(Number(tenths(ms)) - ms)).toBeLessThanOrEqual(0.0501);
      }),
    );
  });
});
