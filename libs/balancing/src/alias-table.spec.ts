import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AliasTable } from './alias-table.js';

describe('an alias table', () => {
  it('gives every index the part of [0, 1) that its weight says', () => {
    const lists = fc
      .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e3, noNaN: true })), { minLength: 1, maxLength: 30 })
      .filter((weights) => weights.some((weight) => weight > 0));
    fc.assert(
      fc.property(lists, (weights) => {
        const table = new AliasTable(weights);
        const points = 10_000;
        const counts = weights.map(() => 0);
        for (let i = 0; i < points; i++) {
          const index = table.draw((i + 0.5) / points);
          counts[index] = (counts[index] ?? 0) + 1;
        }
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        // Each side of each column is met to within a point.
        for (const [index, weight] of weights.entries()) {
          expect(Math.abs((counts[index] ?? 0) / points - weight / total)).toBeLessThanOrEqual(
            (weights.length + 1) / points,
          );
        }
      }),
    );
  });

  it('never draws a zero weight', () => {
    const table = new AliasTable([0, 1, 0, 2]);
    const drawn = new Set(Array.from({ length: 1_000 }, (_, i) => table.draw(i / 1_000)));
    expect([...drawn].sort()).toEqual([1, 3]);
  });
});
