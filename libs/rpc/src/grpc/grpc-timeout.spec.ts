import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { grpcTimeout } from './grpc-timeout.js';

it.each([
  [0, '0m'],
  [-5, '0m'],
  [1.9, '1m'],
  [5_000, '5000m'],
  [99_999_999, '99999999m'],
  [100_000_000, '100000S'],
  [1e15, '99999999S'],
  [Infinity, undefined],
])('%d ms → %s', (ms, header) => expect(grpcTimeout(ms)).toBe(header));

it('has at most eight digits and is never longer than asked', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e18, noNaN: true }), (ms) => {
      const [, digits = '', unit] = /^(\d{1,8})([mS])$/.exec(grpcTimeout(ms) ?? '') ?? [];
      expect(digits).not.toBe('');
      expect(Number(digits) * (unit === 'S' ? 1_000 : 1)).toBeLessThanOrEqual(ms);
    }),
  );
});
