import { describe, expect, it } from '@jest/globals';
import { StringValueSchema } from '@bufbuild/protobuf/wkt';
import { fromBinary } from '@bufbuild/protobuf';
import { Code } from '@trellis/errors';
import { inSpan } from '@trellis/telemetry';
import { recordSpans } from '@trellis/telemetry/testing';
import { runInCall } from '../call-context.js';
import type { PolicyOverrides } from '../policy/call-policies.js';
import { READ, ScriptedStack, WRITE, failing, instance } from '../scripted.fixture.js';

const spans = recordSpans();
const away = () => failing.answered(Code.INTERNAL);

/** Instance `a` of echo, and `z` of its backup. */
function stackWith(fallback: PolicyOverrides['fallback'], more: PolicyOverrides = {}): ScriptedStack {
  const stack = new ScriptedStack('a', { services: { echo: { fallback, ...more } } });
  stack.directory.set(instance('a'), instance('z', { service: 'echo-backup' }));
  return stack;
}

describe('a backup service', () => {
  it('answers while the circuit is open, and hands back by itself', async () => {
    const stack = stackWith({ service: 'echo-backup' }, { breaker: { minimum: 2, open: 1_000, probes: 1 } });
    expect(await stack.ending()).toBe('a');
    stack.let('a', away);
    expect(await stack.endings(3)).toEqual(['backup', 'backup', 'backup']);
    expect(stack.asked).toBe('aazz' + 'z'); // the circuit opened after the second call
    stack.let('a', ({ request }) => request);
    stack.clock.advance(1_000);
    expect(await stack.endings(2)).toEqual(['a', 'a']);
  });

  it('is named as who answered, and marked in the span that makes the call', async () => {
    spans.reset();
    const stack = stackWith({ service: 'echo-backup' });
    stack.let('a', away);
    const answer = await inSpan('request', {}, () => stack.rpc.unary(READ));
    expect(answer).toMatchObject({ fallback: 'backup', attempts: 2, instance: { id: 'z' } });
    const span = spans.getFinishedSpans().find(({ name }) => name === 'request');
    expect(span?.attributes).toMatchObject({ 'trellis.fallback': 'backup' });
    expect(span?.events).toMatchObject([{ name: 'fallback', attributes: { service: 'echo-backup' } }]);
  });

  it('never gets a write that may have happened, but one that never left', async () => {
    const stack = stackWith({ service: 'echo-backup' });
    stack.let('a', failing.lost);
    expect(await stack.ending(WRITE)).toBe('CONNECTION_LOST');
    stack.let('a', failing.unsent);
    expect(await stack.ending(WRITE)).toBe('backup');
    stack.directory.set(instance('z', { service: 'echo-backup' }));
    expect(await stack.ending(WRITE)).toBe('backup');
  });

  it('is not asked about the caller’s own mistakes, and when it fails too the first failure counts', async () => {
    const stack = stackWith({ service: 'echo-backup' });
    stack.let('a', () => failing.answered(Code.NOT_FOUND, 'POST_UNKNOWN'));
    expect(await stack.ending()).toBe('POST_UNKNOWN');
    stack.let('a', failing.lost);
    stack.let('z', away);
    expect(await stack.ending()).toBe('CONNECTION_LOST');
  });
});

describe('the last good answer', () => {
  it('is nobody else’s, whether the token comes from the call, from the call being served, or not at all', async () => {
    const stack = stackWith({ lastGood: { maxAge: 10_000, entries: 10 } });
    const { signal } = new AbortController();
    const servedFor = (token: string | undefined) => {
      const deadline = stack.clock.now() + 1_000;
      return runInCall({ deadline, signal, ...(token !== undefined && { token }) }, () => stack.ending());
    };
    await servedFor('me');
    stack.let('a', away);
    expect([await servedFor('you'), await servedFor(undefined), await stack.ending()]).toEqual(['no', 'no', 'no']);
    expect(await stack.ending({ ...READ, token: 'm' })).toBe('no');
    expect([await servedFor('me'), await stack.ending({ ...READ, token: 'me' })]).toEqual(['last-good', 'last-good']);
  });

  it('is given to who asked the same before, for as long as the policy says', async () => {
    const stack = stackWith({ lastGood: { maxAge: 10_000, entries: 10 } });
    const mine = { ...READ, token: 'me' };
    await stack.ending(mine);
    stack.let('a', away);
    expect(await stack.rpc.unary(mine)).toMatchObject({ fallback: 'last-good', instance: undefined });
    expect(await stack.ending({ ...READ, token: 'you' })).toBe('no');
    expect(await stack.ending({ ...mine, request: new Uint8Array([2]) })).toBe('no');
    stack.clock.advance(10_001);
    expect(await stack.ending(mine)).toBe('no');
  });
});

describe('an answer that no instance gave', () => {
  it('never stands in for a write, not even for one that never left', async () => {
    const stack = stackWith({ lastGood: { maxAge: 10_000, entries: 10 }, answer: 'done' });
    const write = { ...WRITE, token: 'me', output: StringValueSchema };
    expect(await stack.ending(write)).toBe('a');
    stack.let('a', failing.unsent);
    expect(await stack.ending(write)).toBe('CONNECT_FAILED');
    stack.directory.set();
    expect(await stack.ending(write)).toBe('NO_INSTANCE');
  });

  it('is the receiver’s own: what one does to its bytes no other sees', async () => {
    const stack = stackWith({ lastGood: { maxAge: 10_000, entries: 10 } });
    stack.let('a', () => Uint8Array.of(1));
    (await stack.rpc.unary(READ)).message.fill(9);
    stack.let('a', away);
    (await stack.rpc.unary(READ)).message.fill(9);
    expect([...(await stack.rpc.unary(READ)).message]).toEqual([1]);
    const prepared = stackWith({ answer: 'sorry' });
    prepared.let('a', away);
    const call = { ...READ, output: StringValueSchema };
    (await prepared.rpc.unary(call)).message.fill(9);
    expect(fromBinary(StringValueSchema, (await prepared.rpc.unary(call)).message).value).toBe('sorry');
  });
});

describe('a prepared answer', () => {
  const call = { ...READ, output: StringValueSchema };

  it('is the JSON of the response message', async () => {
    const stack = new ScriptedStack('a', { services: { echo: { fallback: { answer: 'sorry' } } } });
    stack.let('a', away);
    const { message, fallback } = await stack.rpc.unary(call);
    expect([fallback, fromBinary(StringValueSchema, message).value]).toEqual(['prepared', 'sorry']);
  });

  it('comes after the other forms', async () => {
    const stack = stackWith({ service: 'echo-backup', answer: 'sorry' });
    stack.let('a', away);
    expect(await stack.ending(call)).toBe('backup');
    stack.let('z', away);
    expect(await stack.ending(call)).toBe('prepared');
  });

  it('that is none is told of once, and the failure stands', async () => {
    const stack = stackWith({ answer: { nonsense: true } });
    stack.let('a', away);
    expect(await stack.endings(2, call)).toEqual(['no', 'no']);
    expect(stack.warnings).toEqual(['the prepared answer of the call policies is no google.protobuf.StringValue']);
  });
});
