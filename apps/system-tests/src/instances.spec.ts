import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LoadReport, eventually, openLoop } from '@trellis/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SimInstance } from './sim-instance.js';
import { World } from './world.js';

/** Calls until everybody has a connection to everybody: the first call of all pays for it. */
const WARM = { perSecond: 50, seconds: 0.5 };

describe('one of two instances', () => {
  let world: World;
  let victim: SimInstance;

  beforeAll(async () => {
    world = await World.start();
    await world.sim({ name: 'sim-1' });
  });
  beforeEach(async () => {
    victim = await world.sim({ name: 'sim-2' });
  });
  afterEach(() => victim.stop());
  afterAll(() => world.stop());

  it('is killed: it is out of rotation within a second, and no call fails', async () => {
    const caller = await world.caller();
    await eventually(() => expect(caller.pool()).toEqual(['sim-1', 'sim-2']));
    const call = async () => (await caller.work()).instance;
    const load = openLoop({ perSecond: 100, seconds: 3, call });
    await sleep(1000);
    const killed = performance.now();
    victim.signal('SIGKILL');
    await eventually(() => expect(caller.pool()).toEqual(['sim-1']), 1000, 5);
    const out = performance.now() - killed;
    const report = await load;
    console.log(`out of the pool after ${out.toFixed(0)} ms; ${report.sent} calls, ${report.latencies}`);
    expect(Object.keys(report.outcomes).toSorted()).toEqual(['sim-1', 'sim-2']);
  });

  it('freezes: no call fails, and two seconds later it gets less than 2 % of them', async () => {
    const caller = await world.caller();
    await eventually(() => expect(caller.pool()).toEqual(['sim-1', 'sim-2']));
    // With two instances a second attempt means that the first one was at the frozen one.
    const call = async () => ((await caller.work()).attempts === 1 ? 'at once' : 'second attempt');
    await openLoop({ ...WARM, call });
    victim.signal('SIGSTOP');
    const report = await openLoop({ perSecond: 100, seconds: 5, call }); // less than a lease: the registry knows nothing
    const later = report.between(2000);
    const share = later.count('second attempt') / later.sent;
    console.log(`first 2 s: ${show(report.between(0, 2000))}; then ${show(later)}: ${(share * 100).toFixed(1)} %`);
    expect(report.count('at once') + report.count('second attempt')).toBe(report.sent);
    expect(share).toBeLessThan(0.02);
  });
});

const show = (report: LoadReport): string => `${report.sent} calls ${JSON.stringify(report.outcomes)}`;

describe('one of four instances is ten times slower', () => {
  let world: World;
  /** A capacity of 200 calls a second each, and of 20 for the slow one. */
  const healthy = { latencyMs: 20, slots: 4 };

  beforeAll(async () => {
    world = await World.start();
    const sims = await world.sims({ name: 'slow' }, { name: 'sim-1' }, { name: 'sim-2' }, { name: 'sim-3' });
    await Promise.all(sims.map((sim) => sim.behave(sim.name === 'slow' ? { ...healthy, latencyMs: 200 } : healthy)));
  });
  afterAll(() => world.stop());

  it('p99 of least-request and peak-ewma is at most half of round robin’s', async () => {
    const p99 = new Map<string, number>();
    for (const strategy of ['peak-ewma', 'least-request', 'round-robin'] as const) {
      // The strategy alone: no ejection and no second attempt come to its help.
      const caller = await world.caller({
        policies: { defaults: { strategy, outlier: false, retries: false, attemptTimeout: 5000, slowStart: 1 } },
      });
      await eventually(() => expect(caller.pool().length).toBe(4));
      const report = await openLoop({ perSecond: 120, seconds: 4, call: async () => (await caller.work()).instance });
      p99.set(strategy, report.quantile(0.99));
      console.log(`${strategy}: ${report.latencies}; ${report.count('slow')} of ${report.sent} at the slow one`);
    }
    const halfOfRoundRobin = (p99.get('round-robin') ?? NaN) / 2;
    expect(p99.get('peak-ewma')).toBeLessThan(halfOfRoundRobin);
    expect(p99.get('least-request')).toBeLessThan(halfOfRoundRobin);
  });
});
