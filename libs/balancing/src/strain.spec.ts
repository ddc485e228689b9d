import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CallResult } from './endpoint.js';
import { alike } from './endpoints.fixture.js';
import { ease, strain } from './strain.js';

/** One to whom these results came, one each millisecond. */
function after(...results: readonly CallResult[]) {
  const [endpoint] = alike(1);
  if (!endpoint) throw new Error('one was made');
  for (const [index, result] of results.entries()) strain(endpoint, result, index);
  return endpoint;
}
const times = (count: number, result: CallResult) => Array.from({ length: count }, () => result);

describe('strain', () => {
  it('is none while everything goes well', () => {
    expect(ease(after(...times(10, 'ok'), ...times(10, 'cancelled')), 20)).toBe(1);
  });

  it.each(['overloaded', 'failed'] as const)('grows with calls that are %s, and leaves a small part', (result) => {
    const endpoint = after(...times(5_000, result));
    expect(ease(endpoint, 5_000)).toBe(0.05);
  });

  it('settles at the share of refusals', () => {
    const endpoint = after(
      ...Array.from({ length: 10_000 }, (_, n) => (n % 4 === 0 ? 'overloaded' : 'ok') as CallResult),
    );
    expect(ease(endpoint, 10_000)).toBeCloseTo(0.75, 1);
  });

  it('is hardly any after a single error among many good answers', () => {
    expect(ease(after(...times(5_000, 'ok'), 'failed'), 5_001)).toBeGreaterThan(0.98);
  });

  it('is large after an error where calls are rare', () => {
    const [endpoint] = alike(1);
    if (!endpoint) throw new Error('one was made');
    strain(endpoint, 'ok', 0);
    strain(endpoint, 'failed', 2_000);
    expect(ease(endpoint, 2_000)).toBeLessThan(0.2);
  });

  it('fades with time alone', () => {
    const endpoint = after(...times(5_000, 'overloaded'));
    expect(ease(endpoint, 6_000)).toBeCloseTo(1 - 1 / Math.E, 1);
    expect(ease(endpoint, 60_000)).toBeCloseTo(1);
  });

  it('is none again after enough good answers', () => {
    const endpoint = after(...times(10, 'overloaded'), ...times(6_000, 'ok'));
    expect(endpoint.strain).toBe(0);
  });

  it('never takes more than all nor less than nothing', () => {
    const results = fc.array(fc.constantFrom<CallResult>('ok', 'failed', 'overloaded', 'cancelled'));
    fc.assert(
      fc.property(results, fc.nat(5_000), (list, later) => {
        const part = ease(after(...list), list.length + later);
        expect(part).toBeGreaterThanOrEqual(0.05);
        expect(part).toBeLessThanOrEqual(1);
      }),
    );
  });
});
