import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { subset } from './subset.js';

const pool = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `i${index}`, weight: 1, zone: '' }));

describe('a subset', () => {
  it('is so large, in the order of the list, and the same each time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 70 }),
        fc.string(),
        (count, size, client) => {
          const candidates = pool(count);
          const chosen = subset(candidates, { size, client });
          expect(chosen).toHaveLength(Math.min(size, count));
          expect(chosen).toEqual(candidates.filter((candidate) => chosen.includes(candidate)));
          expect(subset(candidates.toReversed(), { size, client }).toReversed()).toEqual(chosen);
        },
      ),
    );
  });

  it('loses one and takes one when one of it leaves, and else does not change', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 60 }), fc.nat(19), fc.string(), (count, leaver, client) => {
        const candidates = pool(count);
        const before = subset(candidates, { size: 10, client });
        const after = subset(candidates.toSpliced(leaver, 1), { size: 10, client });
        const gone = before.filter((candidate) => !after.includes(candidate));
        expect(gone).toEqual(before.filter(({ id }) => id === `i${leaver}`));
      }),
    );
  });

  it('spreads callers over instances like a fair draw', () => {
    const [instances, callers, size] = [200, 1_000, 20];
    const counts = new Map<string, number>();
    for (let caller = 0; caller < callers; caller++) {
      for (const { id } of subset(pool(instances), { size, client: `caller-${caller}` })) {
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
    // 100 each with a deviation below 10; four and a half of them.
    expect(counts.size).toBe(instances);
    expect(Math.min(...counts.values())).toBeGreaterThan(55);
    expect(Math.max(...counts.values())).toBeLessThan(145);
  });
});
