import { describe, expect, it } from '@jest/globals';
import { Code } from '@trellis/errors';
import { ECHO } from '../platform.fixture.js';
import { READ, ScriptedStack, failing, instance } from '../scripted.fixture.js';

const POLICIES = { defaults: { breaker: { minimum: 4, open: 2_000, probes: 2 }, outlier: false } } as const;
const broken = () => failing.answered(Code.INTERNAL);

describe('the circuit', () => {
  it('opens when half of the calls fail, holds calls back, probes and closes', async () => {
    const stack = new ScriptedStack('a', POLICIES);
    await stack.endings(2);
    stack.let('a', broken);
    expect(await stack.endings(3)).toEqual(['no', 'no', 'CIRCUIT_OPEN']);
    expect(stack.warnings).toEqual(['circuit opened']);
    stack.clock.advance(2_000);
    expect(await stack.endings(2)).toEqual(['no', 'CIRCUIT_OPEN']); // a failed probe
    stack.let('a', ({ request }) => request);
    stack.clock.advance(2_000);
    expect(await stack.endings(3)).toEqual(['a', 'a', 'a']);
    expect(stack.warnings).toEqual(['circuit opened', 'circuit opened', 'circuit closed']);
  });

  it('says when to come back, and for whom it is open', async () => {
    const stack = new ScriptedStack('a', POLICIES);
    stack.let('a', broken);
    await stack.endings(4);
    await expect(stack.rpc.unary(READ)).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      reason: 'CIRCUIT_OPEN',
      retryAfter: 2,
      metadata: { service: 'echo' },
    });
  });

  it.each([
    ['what retries made good', failing.lost, 'b'],
    ['overload', () => failing.answered(Code.RESOURCE_EXHAUSTED, 'QUOTA'), 'b'],
    ['the caller’s own mistakes', () => failing.answered(Code.NOT_FOUND), 'no'],
  ])('does not open for %s', async (_, failure, ending) => {
    const stack = new ScriptedStack('ab', { defaults: { ...POLICIES.defaults, budget: { floor: 100 } } });
    stack.let('a', failure);
    expect((await stack.endings(20)).filter((end) => end !== 'b' && end !== ending)).toEqual([]);
  });

  it('is one for each group of methods', async () => {
    const stack = new ScriptedStack('a', {
      ...POLICIES,
      services: { echo: { methods: { Other: { breaker: { group: 'others' } } } } },
    });
    stack.let('a', ({ path, request }) => (path === ECHO ? broken() : request));
    await stack.endings(4);
    expect(await stack.ending()).toBe('CIRCUIT_OPEN');
    expect(await stack.ending({ ...READ, path: '/test.v1.EchoService/Other' })).toBe('a');
  });

  it('does not outlive the last instance: who is gone is NO_INSTANCE at once, who is back is called at once', async () => {
    const stack = new ScriptedStack('a', POLICIES);
    stack.let('a', failing.unsent);
    await stack.endings(4);
    stack.directory.set();
    stack.clock.advance(2_000);
    expect(await stack.endings(10)).toEqual(Array(10).fill('NO_INSTANCE'));
    stack.let('a', broken);
    stack.directory.set(instance('a'));
    expect(await stack.ending()).toBe('no'); // it was asked
    stack.directory.set(instance('b'));
    expect(await stack.ending()).toBe('b');
  });

  it('forgets what others did when an instance joins', async () => {
    const stack = new ScriptedStack('a', POLICIES);
    stack.let('a', broken);
    expect((await stack.endings(5)).at(-1)).toBe('CIRCUIT_OPEN');
    stack.directory.set(instance('b'));
    expect(await stack.ending()).toBe('b');
  });
});
