import { describe, expect, it } from '@jest/globals';
import { READ, ScriptedStack, failing } from './scripted.fixture.js';

const OTHER = { ...READ, service: 'other' };
const once = { retries: false, breaker: { minimum: 2, failureRate: 0.5 } } as const;

describe('other policies', () => {
  it('hold from the next call on', async () => {
    const stack = new ScriptedStack('ab', { services: { echo: { retries: false } } });
    stack.let('a', () => failing.lost());
    expect(await stack.ending()).toBe('CONNECTION_LOST');
    stack.rpc.use({ defaults: { strategy: 'round-robin' } });
    expect(await stack.ending()).toBe('b');
  });

  it('leave alone what is known of a service of which they say the same', async () => {
    const stack = new ScriptedStack('a', { services: { echo: once } });
    stack.let('a', () => failing.lost());
    await stack.endings(2);
    expect(await stack.ending()).toBe('CIRCUIT_OPEN');
    const defaults = { strategy: 'round-robin' } as const;
    stack.rpc.use({ defaults, services: { echo: { ...once }, other: { retries: false } } });
    expect(await stack.ending()).toBe('CIRCUIT_OPEN');
    stack.rpc.use({ defaults, services: { echo: { ...once, timeout: 9_000 } } });
    expect(await stack.ending()).toBe('CONNECTION_LOST');
    expect(await stack.ending(OTHER)).toBe('NO_INSTANCE');
  });

  it('do not change a call under way: it ends under those that it began with', async () => {
    const stack = new ScriptedStack('ab');
    let fail = (): void => undefined;
    stack.let('a', () => new Promise((_, reject) => (fail = () => reject(failing.lost()))));
    const first = stack.ending();
    await Promise.resolve();
    stack.rpc.use({ defaults: { retries: false } });
    fail();
    expect([await first, stack.asked]).toEqual(['b', 'ab']);
  });

  it("decide about the hash of typed calls and of the gateway's", () => {
    const stack = new ScriptedStack('a', { defaults: { strategy: 'ring-hash', hash: { header: 'x-a' } } });
    expect(stack.rpc.hashSource('echo')).toEqual({ header: 'x-a' });
    stack.rpc.use({ defaults: { strategy: 'maglev', hash: { cookie: 'b' } } });
    expect(stack.rpc.hashSource('echo')).toEqual({ cookie: 'b' });
    stack.rpc.use({});
    expect(stack.rpc.hashSource('echo')).toBeUndefined();
  });

  it('do not set back what is counted', async () => {
    const stack = new ScriptedStack('ab');
    await stack.endings(3);
    stack.rpc.use({ defaults: { strategy: 'round-robin', timeout: 1_000 } });
    await stack.endings(2);
    expect(stack.transport.attempts).toHaveLength(5);
  });
});
