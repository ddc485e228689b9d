import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Code } from '@trellis/errors';
import { eventually } from '@trellis/testing';
import type { CancelSignal } from '../cancellation.js';
import { givenUp } from '../call-failures.js';
import { READ, ScriptedStack, WRITE, failing } from '../scripted.fixture.js';

const POLICIES = { defaults: { hedge: { quantile: 0.9, minDelay: 1 }, breaker: false } } as const;

/** A stack that knows how long its calls usually take: 1 ms. */
const practised = () => practise(new ScriptedStack('ab', POLICIES));

async function practise(stack: ScriptedStack): Promise<ScriptedStack> {
  for (const name of 'ab') {
    stack.let(name, ({ request }) => {
      stack.clock.advance(1);
      return request;
    });
  }
  await stack.endings(60);
  stack.transport.attempts.length = 0;
  return stack;
}

const never = () => new Promise<never>(() => undefined);

/** What the transport does with a call that is cancelled. */
const gone = (signal: CancelSignal | undefined) =>
  new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(givenUp()), { once: true }));

describe('a hedged call', () => {
  it('asks a second instance when the first is slower than usual, and cancels the slower one', async () => {
    const stack = await practised();
    const cancelled: boolean[] = [];
    stack.let('a', ({ signal }) => {
      signal?.addEventListener('abort', () => cancelled.push(true));
      return never();
    });
    expect(await stack.ending()).toBe('b');
    expect([stack.asked, cancelled]).toEqual(['ab', [true]]);
  });

  it('is answered by the first one after all, when that is sooner', async () => {
    const stack = await practised();
    const first = Promise.withResolvers<Uint8Array>();
    stack.let('a', () => first.promise);
    stack.let('b', () => {
      first.resolve(new Uint8Array());
      return never();
    });
    expect([await stack.ending(), stack.asked]).toEqual(['a', 'ab']);
  });

  it('fails when both do', async () => {
    const stack = await practised();
    const first = Promise.withResolvers<Uint8Array>();
    stack.let('a', () => first.promise);
    stack.let('b', () => {
      first.reject(failing.lost());
      return failing.lost();
    });
    expect([await stack.ending(), stack.asked]).toEqual(['CONNECTION_LOST', 'ab']);
  });

  it('ends with an answer that is no fault of the instance, whoever gives it', async () => {
    const stack = await practised();
    const cancelled: boolean[] = [];
    stack.let('a', ({ signal }) => {
      signal?.addEventListener('abort', () => cancelled.push(true));
      return never();
    });
    stack.let('b', () => failing.answered(Code.NOT_FOUND, 'POST_UNKNOWN'));
    expect([await stack.ending(), stack.asked, cancelled]).toEqual(['POST_UNKNOWN', 'ab', [true]]);
  });

  it('is paid from the budget of the service, as retries are', async () => {
    const stack = new ScriptedStack('ab', { defaults: { ...POLICIES.defaults, budget: { ratio: 0, floor: 0 } } });
    await practise(stack);
    stack.let('a', () => new Promise((resolve) => setTimeout(() => resolve(new Uint8Array()), 20)));
    expect([await stack.ending(), stack.asked]).toEqual(['a', 'a']);
  });

  it('leaves no listener and no attempt behind when its caller gives up', async () => {
    const stack = await practised();
    stack.let('a', ({ signal }) => gone(signal));
    stack.let('b', ({ signal }) => gone(signal));
    const caller = new AbortController();
    const ending = stack.ending({ ...READ, signal: caller.signal });
    await eventually(() => expect(stack.asked).toBe('ab'));
    caller.abort();
    expect(await ending).toBe('The caller gave up');
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
  });

  it('is never a write', async () => {
    const stack = await practised();
    stack.let('a', () => failing.lost());
    expect([await stack.ending(WRITE), stack.asked]).toEqual(['CONNECTION_LOST', 'a']);
  });
});
