import { describe, expect, it } from '@jest/globals';
import { parseGoDuration } from './go-duration.js';

describe('parseGoDuration', () => {
  it.each([
    ['100ms', 100_000],
    ['1.5s', 1_500_000],
    ['1h30m', 5_400_000_000],
    ['20us', 20],
    ['20µs', 20],
    ['500ns', 0.5],
    ['.5s', 500_000],
  ])('reads %s', (text, microseconds) => {
    expect(parseGoDuration(text)).toBe(microseconds);
  });

  it.each(['', '5', 's', '5 s', '-5s', '1d', '1s!', 'NaNs'])('takes %j for something else', (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });
});
