import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Instance } from '@trellis/discovery';
import { unavailable } from '@trellis/errors';
import { ScriptedStack, failing, instance } from '../scripted.fixture.js';
import { HealthChecks } from './health-checks.js';

const POLICY = { path: '/health', interval: 1_000, timeout: 100, healthy: 2, unhealthy: 3 };

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A service whose instances say what `ill` says. */
function checked(names: string, random = 0) {
  const state = {
    listed: [...names].map((name) => instance(name)),
    ill: '',
    asked: '',
    changes: 0,
    warnings: [] as string[],
  };
  const probe = async ({ id }: Instance): Promise<void> => {
    state.asked += id;
    if (state.ill.includes(id)) throw unavailable('The service answered 503');
  };
  const checks = new HealthChecks({
    policy: POLICY,
    probe,
    instances: () => state.listed,
    onChange: () => void state.changes++,
    logger: { warn: (_: unknown, text?: string) => void state.warnings.push(text ?? '') },
    random: () => random,
    now: Date.now,
  });
  const well = () =>
    state.listed
      .filter((each) => checks.isHealthy(each))
      .map(({ id }) => id)
      .join('');
  return Object.assign(state, { checks, well });
}

const rounds = (n: number) => jest.advanceTimersByTimeAsync(n * POLICY.interval);

describe('health checks', () => {
  it('take everybody for well until they have asked, the first time within an interval', async () => {
    const shop = checked('ab', 0.5);
    expect(shop.well()).toBe('ab');
    await jest.advanceTimersByTimeAsync(499);
    expect(shop.asked).toBe('');
    await jest.advanceTimersByTimeAsync(1);
    expect(shop.asked).toBe('ab');
    await rounds(2);
    expect(shop.asked).toBe('ababab');
    shop.checks.stop();
  });

  it('put an instance out and in again after so many answers in a row, and say so', async () => {
    const shop = checked('ab');
    shop.ill = 'b';
    await rounds(1.5);
    expect([shop.well(), shop.changes]).toEqual(['ab', 0]);
    await rounds(1);
    expect([shop.well(), shop.changes]).toEqual(['a', 1]);
    const [, b] = shop.checks.states();
    expect(b).toMatchObject({
      instance: 'b',
      healthy: false,
      probes: 3,
      failures: 3,
      lastFailure: 'The service answered 503',
    });
    expect(b?.since).toBe(Date.now() - 500);
    shop.ill = '';
    await rounds(1);
    expect(shop.well()).toBe('a');
    await rounds(1);
    expect([shop.well(), shop.changes]).toEqual(['ab', 2]);
    expect(shop.warnings).toEqual(['instance is not well and gets no calls', 'instance is well']);
    shop.checks.stop();
  });

  it('never ask an instance twice at once', async () => {
    const answers: (() => void)[] = [];
    let asked = 0;
    const checks = new HealthChecks({
      policy: POLICY,
      probe: () => (asked++, new Promise((resolve) => answers.push(resolve))),
      instances: () => [instance('a')],
      onChange: () => undefined,
      logger: { warn: () => undefined },
      random: () => 0,
      now: Date.now,
    });
    await rounds(5);
    expect(asked).toBe(1);
    answers[0]?.();
    await rounds(1);
    expect(asked).toBe(2);
    checks.stop();
  });

  it('follow the list: who leaves is asked no more, who moves is presumed well again', async () => {
    const shop = checked('ab');
    shop.ill = 'ab';
    await rounds(2.5);
    expect(shop.well()).toBe('');
    shop.listed = [instance('b', { address: '127.0.0.1:99' }), instance('c')];
    shop.checks.follow();
    shop.asked = '';
    expect(shop.well()).toBe('bc');
    await rounds(0.5);
    expect(shop.asked).toBe('bc');
    shop.checks.stop();
  });

  it('stop, and what is under way then counts no more', async () => {
    const shop = checked('a');
    shop.ill = 'a';
    await rounds(1.5);
    shop.checks.stop();
    await rounds(5);
    expect([shop.asked, shop.changes, jest.getTimerCount()]).toEqual(['aa', 0, 0]);
  });
});

describe('calls to a service that is asked for its health', () => {
  const health = { ...POLICY, unhealthy: 1, healthy: 1 };
  /** Answers like a gRPC server of this health: 1 is SERVING, 2 NOT_SERVING. */
  const saying = (stack: ScriptedStack, name: string, status: number) =>
    stack.let(name, ({ path, request }) => (path.startsWith('/grpc.health') ? new Uint8Array([8, status]) : request));

  it('go to those that are well, and to all when none is', async () => {
    const stack = new ScriptedStack('ab', { services: { echo: { health } } });
    saying(stack, 'a', 2);
    saying(stack, 'b', 1);
    await rounds(0.5);
    expect((await stack.endings(4)).join('')).toBe('bbbb');
    expect(stack.rpc.health()).toMatchObject([
      { instance: 'a', healthy: false, lastFailure: 'The service is NOT_SERVING' },
      { instance: 'b', healthy: true, lastFailure: undefined },
    ]);
    saying(stack, 'b', 2);
    await rounds(1);
    expect((await stack.endings(4)).sort().join('')).toBe('aabb');
    saying(stack, 'a', 1);
    await rounds(1);
    expect((await stack.endings(2)).join('')).toBe('aa');
    stack.rpc.close();
  });

  it('go to one that knows no health service, and not to one that does not answer', async () => {
    const stack = new ScriptedStack('ab', { services: { echo: { health } } });
    stack.let('a', () => failing.answered(12));
    stack.let('b', () => failing.unsent());
    await rounds(0.5);
    expect(stack.rpc.health().map(({ healthy }) => healthy)).toEqual([true, false]);
    stack.rpc.close();
  });

  it('are asked for from the start where they have an entry, else from the first call', async () => {
    const stack = new ScriptedStack('a', { defaults: { health } });
    await rounds(3);
    expect(stack.rpc.health()).toEqual([]);
    await stack.ending();
    await rounds(0.5);
    expect(stack.rpc.health()).toMatchObject([{ instance: 'a', probes: 1 }]);
    stack.rpc.use({ services: { echo: { health: { ...health, interval: 9_000 } } } });
    expect(stack.rpc.health()).toMatchObject([{ instance: 'a', probes: 0 }]);
    stack.rpc.use({});
    expect([stack.rpc.health(), jest.getTimerCount()]).toEqual([[], 0]);
    stack.rpc.close();
  });
});
