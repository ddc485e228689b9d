import { describe, expect, it } from '@jest/globals';
import { alike } from './endpoints.fixture.js';
import { startSlowly, warmth } from './slow-start.js';

describe('slow start', () => {
  it('grows evenly from a tenth to all', () => {
    const [endpoint] = alike(1);
    if (!endpoint) throw new Error('one was made');
    startSlowly(endpoint, 10_000, 5_000);
    expect([5_000, 6_000, 7_500, 10_000, 14_000, 15_000, 60_000].map((now) => warmth(endpoint, now))).toEqual([
      0.1, 0.1, 0.25, 0.5, 0.9, 1, 1,
    ]);
  });

  it('is none of zero length', () => {
    const [endpoint] = alike(1);
    if (!endpoint) throw new Error('one was made');
    startSlowly(endpoint, 0, 5_000);
    expect(warmth(endpoint, 5_000)).toBe(1);
  });
});
