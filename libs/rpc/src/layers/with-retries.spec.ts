import { describe, expect, it } from '@jest/globals';
import { Code } from '@trellis/errors';
import { recordSpans } from '@trellis/telemetry/testing';
import { type Behaviour, READ, ScriptedStack, WRITE, failing, instance } from '../scripted.fixture.js';

const spans = recordSpans();

describe('a retry', () => {
  it.each([
    ['never left', failing.unsent, 'ab', 'ab'],
    ['was lost on the way', failing.lost, 'ab', 'a'],
    ['was refused for overload, unseen', failing.overloaded, 'ab', 'ab'],
    ['met an instance that drains', () => failing.answered(Code.UNAVAILABLE, 'DRAINING'), 'ab', 'ab'],
    ['was answered UNAVAILABLE', () => failing.answered(Code.UNAVAILABLE), 'ab', 'a'],
    ['met a limit of the service', () => failing.answered(Code.RESOURCE_EXHAUSTED), 'ab', 'a'],
    ['failed further down, where it was repeated', () => failing.answered(Code.UNAVAILABLE, 'NO_INSTANCE'), 'a', 'a'],
    ['met overload further down', () => failing.answered(Code.UNAVAILABLE, 'DEPENDENCY_OVERLOADED'), 'a', 'a'],
    ['was answered INTERNAL', () => failing.answered(Code.INTERNAL), 'a', 'a'],
    ['was answered NOT_FOUND', () => failing.answered(Code.NOT_FOUND), 'a', 'a'],
  ])('of a call that %s', async (_, failure, read, write) => {
    const reading = new ScriptedStack('ab');
    reading.let('a', failure);
    await reading.ending(READ);
    const writing = new ScriptedStack('ab');
    writing.let('a', failure);
    await writing.ending(WRITE);
    expect([reading.asked, writing.asked]).toEqual([read, write]);
  });

  it('goes on as long as there are instances and attempts', async () => {
    const stack = new ScriptedStack('abcde');
    for (const name of 'abcde') stack.let(name, failing.unsent);
    expect([await stack.ending(), stack.asked]).toEqual(['CONNECT_FAILED', 'abc']);
    const patient = new ScriptedStack('abcde', { defaults: { retries: { attempts: 5 } } });
    for (const name of 'abcd') patient.let(name, failing.unsent);
    expect([await patient.ending(), patient.asked]).toEqual(['e', 'abcde']);
  });

  it('goes to whoever is left when the one that failed has left before it was heard', async () => {
    const stack = new ScriptedStack('ab');
    stack.let('a', async () => {
      stack.directory.set(instance('b'));
      await stack.ending(); // whose pick sees it
      throw failing.lost();
    });
    expect([await stack.ending(), stack.asked]).toEqual(['b', 'abb']);
  });

  it('is told of in the span of the attempt: whom, which and why', async () => {
    spans.reset();
    const stack = new ScriptedStack('ab');
    stack.let('a', failing.lost);
    await stack.ending();
    expect(spans.getFinishedSpans().map(({ attributes }) => attributes)).toMatchObject([
      { 'trellis.instance': 'a', 'trellis.attempt': 1 },
      { 'trellis.instance': 'b', 'trellis.attempt': 2, 'trellis.attempt.reason': 'CONNECTION_LOST' },
    ]);
  });
});

describe('a service that is slow by nature', () => {
  it('has no more attempts ended early than the budget pays retries for, so that none of its reads fails', async () => {
    const stack = new ScriptedStack('ab');
    const began = stack.clock.now();
    const held = Promise.withResolvers<void>();
    const slow: Behaviour = async ({ deadline, request }) => {
      await held.promise;
      if (deadline < began + 1_500) throw failing.answered(Code.DEADLINE_EXCEEDED);
      return request;
    };
    for (const name of 'ab') stack.let(name, slow);
    const reads = Array.from({ length: 100 }, () => stack.ending());
    await new Promise(setImmediate);
    expect(stack.transport.attempts.filter(({ deadline }) => deadline < began + 1_500)).toHaveLength(30);
    held.resolve();
    expect((await Promise.all(reads)).filter((ending) => !'ab'.includes(ending))).toEqual([]);
    expect(stack.asked).toHaveLength(130);
  });
});

describe('a frozen instance', () => {
  it('costs a read one attempt: half of the time, or the time that the policy gives it', async () => {
    const stack = new ScriptedStack('ab');
    stack.let('a', ({ deadline }) => {
      stack.clock.advance(deadline - stack.clock.now());
      return failing.answered(Code.DEADLINE_EXCEEDED);
    });
    const began = stack.clock.now();
    expect(await stack.ending()).toBe('b');
    expect(stack.clock.now() - began).toBe(1_000);
    expect(await stack.ending({ ...READ, deadline: stack.clock.now() + 600 })).toBe('b');
    expect(stack.clock.now() - began).toBe(1_300);
  });

  it('gets all the time there is from a write, and from a read that nobody else could take', async () => {
    const alone = new ScriptedStack('a');
    await alone.ending(READ);
    const pair = new ScriptedStack('ab');
    await pair.ending(WRITE);
    for (const { clock, transport } of [alone, pair]) {
      expect(transport.attempts[0]?.deadline).toBe(clock.now() + 5_000);
    }
  });
});

describe('the budget', () => {
  it('holds the attempts to 1.2 for each request when all instances fail', async () => {
    const stack = new ScriptedStack('abc', { defaults: { breaker: false, outlier: false } });
    for (const name of 'abc') stack.let(name, () => failing.answered(Code.UNAVAILABLE));
    for (let i = 0; i < 2_000; i++) {
      await stack.ending();
      stack.clock.advance(5); // 200 a second
    }
    expect(stack.asked.length).toBeGreaterThan(2_000);
    expect(stack.asked.length).toBeLessThanOrEqual(2_400);
  });

  it('is the service’s own, and as large as the policy says', async () => {
    const policies = { services: { echo: { budget: { ratio: 0, floor: 0.1 } } } };
    const stack = new ScriptedStack('ab', policies);
    stack.let('a', failing.unsent);
    stack.let('b', failing.unsent);
    await stack.endings(3);
    expect(stack.asked).toHaveLength(4);
  });
});
