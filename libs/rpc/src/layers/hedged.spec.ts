import { describe, expect, it } from '@jest/globals';
import { ScriptedStack, WRITE, failing } from '../scripted.fixture.js';

const POLICIES = { defaults: { hedge: { quantile: 0.9, minDelay: 1 }, breaker: false } } as const;

/** A stack that knows how long its calls usually take: 1 ms. */
async function practised(): Promise<ScriptedStack> {
  const stack = new ScriptedStack('ab', POLICIES);
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

  it('is never a write', async () => {
    const stack = await practised();
    stack.let('a', () => failing.lost());
    expect([await stack.ending(WRITE), stack.asked]).toEqual(['CONNECTION_LOST', 'a']);
  });
});
