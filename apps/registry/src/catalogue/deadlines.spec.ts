import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Deadlines } from './deadlines.js';

function take(deadlines: Deadlines<number>, now: number): number[] {
  const taken: number[] = [];
  for (let next = deadlines.due(now); next !== undefined; next = deadlines.due(now)) taken.push(next);
  return taken;
}

describe('Deadlines', () => {
  it('gives what is due by its time, and of the same time by its order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.nat(20), (times, now) => {
        const deadlines = new Deadlines<number>();
        times.forEach((at, index) => deadlines.set(at, index));
        const sorted = times.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at || a.index - b.index);
        const dueBy = (until: number, from: number) =>
          sorted.filter(({ at }) => at <= until && at > from).map(({ index }) => index);
        expect(take(deadlines, now)).toEqual(dueBy(now, -1));
        expect(take(deadlines, 20)).toEqual(dueBy(20, now));
        expect(deadlines.size).toBe(0);
      }),
    );
  });
});
