import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Code } from '@trellis/errors';
import { eventually } from '@trellis/testing';
import { READ, ScriptedStack } from '../scripted.fixture.js';

/** A stack whose one instance answers when the spec lets it, the first call first. */
function held(limit: number, queue: number) {
  const stack = new ScriptedStack('a', { defaults: { bulkhead: { limit, queue } } });
  const waiting: ((answer: Uint8Array) => void)[] = [];
  stack.let('a', () => new Promise((resolve) => waiting.push(resolve)));
  return { stack, answer: () => waiting.shift()?.(new Uint8Array()), under: () => stack.asked.length };
}

describe('the bulkhead', () => {
  it('lets so many through, makes some wait, and refuses the rest at once', async () => {
    const { stack, answer, under } = held(2, 1);
    const calls = [stack.ending(), stack.ending(), stack.ending()];
    await expect(stack.rpc.unary(READ)).rejects.toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      reason: 'BULKHEAD_FULL',
      retryAfter: 1,
    });
    expect(under()).toBe(2);
    answer();
    await eventually(() => expect(under()).toBe(3));
    answer();
    answer();
    expect(await Promise.all(calls)).toEqual(['a', 'a', 'a']);
    const after = stack.ending();
    answer();
    expect(await after).toBe('a');
  });

  it('does not let a caller wait that has given up, and lets one wait for longer than a timer can', async () => {
    const { stack, answer } = held(1, 3);
    const first = stack.ending();
    expect(await stack.ending({ ...READ, signal: AbortSignal.abort() })).toBe('The caller gave up');
    const patient = stack.ending({ ...READ, deadline: stack.clock.now() + 2 ** 32 });
    await pause(20); // a timer that is set for too long fires at once
    answer();
    await eventually(() => expect(stack.asked).toHaveLength(2));
    answer();
    expect(await Promise.all([first, patient])).toEqual(['a', 'a']);
  });

  it('lets a caller that waits give up, or run out of time, and gives the place to the next', async () => {
    const { stack, answer } = held(1, 3);
    const first = stack.ending();
    const caller = new AbortController();
    const gone = stack.ending({ ...READ, signal: caller.signal });
    const late = stack.ending({ ...READ, deadline: stack.clock.now() + 1 });
    const next = stack.ending();
    caller.abort();
    expect(await gone).toBe('The caller gave up');
    expect(await late).toBe('No answer came within the deadline');
    answer();
    expect(await first).toBe('a');
    await eventually(() => expect(stack.asked).toHaveLength(2));
    answer();
    expect(await next).toBe('a');
  });
});
