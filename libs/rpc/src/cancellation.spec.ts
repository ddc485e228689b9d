import { expect, it } from '@jest/globals';
import { Cancellation, eitherOf } from './cancellation.js';

const ONCE = { once: true } as const;

it('tells everybody who still listens, once and in their order', () => {
  const cancellation = new Cancellation();
  const told: string[] = [];
  const gone = (): void => void told.push('gone');
  const object = { handleEvent: () => void told.push('object') };
  cancellation.addEventListener('abort', () => void told.push('function'), ONCE);
  cancellation.addEventListener('abort', gone, ONCE);
  cancellation.addEventListener('abort', object, ONCE);
  cancellation.removeEventListener('abort', gone);
  cancellation.removeEventListener('abort', gone); // nobody else's
  expect([cancellation.aborted, told]).toEqual([false, []]);
  cancellation.abort();
  cancellation.abort();
  expect([cancellation.aborted, told]).toEqual([true, ['function', 'object']]);
});

it.each([true, false])('is an AbortSignal for who needs one, made early: %j', (early) => {
  const cancellation = new Cancellation();
  const signal = early ? cancellation.toAbortSignal() : undefined;
  expect(signal?.aborted ?? false).toBe(false);
  cancellation.abort();
  expect(cancellation.toAbortSignal().aborted).toBe(true);
  expect(signal?.aborted ?? true).toBe(true);
});

it.each(['cancellation', 'signal'])('joins an AbortSignal, whichever is first: %s', (first) => {
  const [cancellation, controller] = [new Cancellation(), new AbortController()];
  const either = eitherOf(cancellation, controller.signal);
  expect(either.aborted).toBe(false);
  if (first === 'signal') controller.abort();
  else cancellation.abort();
  expect(either.aborted).toBe(true);
});
