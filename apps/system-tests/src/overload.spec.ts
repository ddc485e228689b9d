import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LoadReport, eventually, openLoop } from '@trellis/testing';
import type { SimInstance } from './sim-instance.js';
import { World } from './world.js';

describe('all instances fail', () => {
  let world: World;
  let sims: SimInstance[];

  beforeAll(async () => {
    world = await World.start();
    sims = await world.sims({ name: 'sim-1' }, { name: 'sim-2' }, { name: 'sim-3' });
    await Promise.all(sims.map((sim) => sim.behave({ failing: 100 })));
  });
  afterAll(() => world.stop());

  const attempts = async (): Promise<number> => {
    const seen = await Promise.all(sims.map((sim) => sim.tell()));
    return seen.reduce((sum, { calls }) => sum + calls, 0);
  };

  it.each([
    ['as configured', {}],
    ['with the retry budget alone', { defaults: { breaker: false, outlier: false } }],
  ] as const)('%s: at most 1.2 attempts per request', async (name, policies) => {
    const caller = await world.caller({ policies });
    await eventually(() => expect(caller.pool().length).toBe(3));
    const before = await attempts();
    const report = await openLoop({ perSecond: 200, seconds: 3, call: () => caller.outcome() });
    const made = (await attempts()) - before;
    console.log(`${name}: ${made} attempts for ${report.sent} requests (${(made / report.sent).toFixed(2)} each)`);
    console.log(JSON.stringify(report.outcomes));
    expect(report.count('ok')).toBe(0);
    expect(made / report.sent).toBeLessThanOrEqual(1.2);
  });
});

describe('three times as much as an instance can do', () => {
  /** 4 pieces of work at once, 40 ms each. */
  const CAPACITY = 100;
  const WITHIN_MS = 1000;
  let world: World;

  beforeAll(async () => {
    world = await World.start();
    const sim = await world.sim({ name: 'sim-1' });
    await sim.behave({ latencyMs: 40, slots: 4 });
  });
  afterAll(() => world.stop());

  it('goodput stays at 80 % of its peak at least, and the rest is rejected early', async () => {
    const caller = await world.caller({ policies: { defaults: { retries: false, breaker: false, outlier: false } } });
    await eventually(() => expect(caller.pool().length).toBe(1));
    const call = () => caller.outcome({ withinMs: WITHIN_MS });
    const peak = await openLoop({ perSecond: CAPACITY, seconds: 3, call });
    const overload = await openLoop({ perSecond: 3 * CAPACITY, seconds: 5, call });
    const goodput = { peak: peak.count('ok') / 3, overload: overload.count('ok') / 5 };
    console.log(`peak: ${goodput.peak.toFixed(0)}/s, ${peak.of('ok').latencies}`);
    console.log(`overload: ${goodput.overload.toFixed(0)}/s, ${overload.of('ok').latencies}`);
    console.log(`outcomes: ${JSON.stringify(overload.outcomes)}`);
    const rejected = new LoadReport(overload.samples.filter(({ outcome }) => outcome.startsWith('RESOURCE_EXHAUSTED')));
    console.log(`${rejected.sent} rejections: ${rejected.latencies}`);
    expect(rejected.quantile(0.5)).toBeLessThan(10);
    expect(goodput.overload).toBeGreaterThanOrEqual(0.8 * goodput.peak);
  });
});
