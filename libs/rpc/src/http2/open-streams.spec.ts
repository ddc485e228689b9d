import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OpenStreams } from './open-streams.js';

/** What to do next: open a stream, or take one of those that were opened, counted from the latest. Most are taken soon. */
const step = fc.oneof(
  { weight: 8, arbitrary: fc.constant(null) },
  { weight: 7, arbitrary: fc.nat(20) },
  { weight: 1, arbitrary: fc.nat(3_000) },
);
/** Enough of them to go round the ring of places. */
const steps = fc.array(step, { minLength: 4_000, maxLength: 6_000, size: 'max' });

it('holds what a map would, however long streams stay', () => {
  fc.assert(
    fc.property(steps, (todo) => {
      const streams = new OpenStreams();
      const model = new Map<number, { readonly id: number }>();
      let next = 1;
      for (const back of todo) {
        if (back === null || next === 1) {
          const stream = { id: next };
          streams.add(stream);
          model.set(next, stream);
          next += 2;
        } else {
          const id = Math.max(1, next - 2 - 2 * back);
          expect(streams.get(id)).toBe(model.get(id));
          expect(streams.take(id)).toBe(model.get(id));
          model.delete(id);
        }
        expect(streams.size).toBe(model.size);
      }
      const middle = next >> 1;
      expect(streams.after(0)).toEqual([...model.values()]);
      expect(streams.after(middle)).toEqual([...model.values()].filter(({ id }) => id > middle));
    }),
    { numRuns: 30, endOnFailure: true }, // to make thousands of steps fewer takes minutes
  );
});
