import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bulkhead } from './bulkhead.js';

describe('a bulkhead', () => {
  it('runs so many, lets so many wait, refuses the rest, and runs the first who waits', () => {
    const group = bulkhead<string>({ limit: 1, queue: 2 });
    const decisions = ['a', 'b', 'c', 'd'].map((waiter) => group.enter(waiter, 1_000, 0));
    expect(decisions).toEqual(['run', 'wait', 'wait', 'reject']);
    expect([group.leave(10), group.leave(20), group.leave(30)]).toEqual(['b', 'c', undefined]);
    expect(group.running).toBe(0);
  });

  it('passes over those whose deadline has passed', () => {
    const group = bulkhead<string>({ limit: 1, queue: 2 });
    group.enter('a', 1_000, 0);
    group.enter('b', 50, 0);
    group.enter('c', 1_000, 0);
    expect(group.leave(50)).toBe('c');
    expect(group.withdraw('b')).toBe(false);
  });

  it('gives the place of one whose deadline has passed to the next who comes', () => {
    const group = bulkhead<string>({ limit: 1, queue: 1 });
    group.enter('a', 1_000, 0);
    group.enter('b', 50, 0);
    expect(group.enter('c', 1_000, 40)).toBe('reject');
    expect(group.enter('c', 1_000, 60)).toBe('wait');
  });

  it('forgets who withdraws', () => {
    const group = bulkhead<string>({ limit: 1, queue: 1 });
    group.enter('a', 1_000, 0);
    group.enter('b', 1_000, 0);
    expect(group.withdraw('b')).toBe(true);
    expect(group.leave(10)).toBeUndefined();
  });

  it('keeps its bounds and the order of those who wait', () => {
    const step = fc.record({
      kind: fc.constantFrom('enter', 'leave', 'withdraw'),
      wait: fc.nat(50),
      pause: fc.nat(10),
    });
    fc.assert(
      fc.property(fc.nat(3), fc.nat(3), fc.array(step, { maxLength: 100 }), (more, queue, steps) => {
        const limit = more + 1;
        const group = bulkhead<number>({ limit, queue });
        const deadlines: number[] = [];
        let [now, running, last] = [0, 0, -1];
        for (const { kind, wait, pause } of steps) {
          now += pause;
          if (kind === 'enter') {
            const decision = group.enter(deadlines.length, now + wait, now);
            deadlines.push(now + wait);
            if (decision === 'run') running += 1;
            else expect(running).toBe(limit);
          } else if (kind === 'withdraw') {
            group.withdraw(deadlines.length - 1);
          } else if (running > 0) {
            const next = group.leave(now);
            if (next === undefined) running -= 1;
            else {
              expect(next).toBeGreaterThan(last);
              expect(deadlines[next]).toBeGreaterThan(now);
              last = next;
            }
          }
          expect(group.running).toBe(running);
          expect(group.waiting).toBeLessThanOrEqual(queue);
        }
      }),
    );
  });
});
