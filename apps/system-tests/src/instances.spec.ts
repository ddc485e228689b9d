import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LoadReport, eventually, openLoop } from '@trellis/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from './caller.js';
import type { SimInstance } from './sim-instance.js';
import { World } from './world.js';

describe('one of two instances', () => {
  let world: World;
  let caller: Caller;
  let victim: SimInstance;

  beforeAll(async () => {
    world = await World.start();
    [victim] = (await world.sims({ name: 'victim' }, { name: 'sim-1' })) as [SimInstance, SimInstance];
    caller = await world.caller();
  });
  beforeEach(() => eventually(() => expect(caller.pool()).toEqual(['sim-1', 'victim'])));
  afterAll(() => world.stop());

  it('freezes: no call fails, and two seconds later it gets less than 2 % of them', async () => {
    // With two instances a second attempt means that the first one was at the frozen one.
    const call = async () => ((await caller.work()).attempts === 1 ? 'at once' : 'second attempt');
    await openLoop({ perSecond: 50, seconds: 0.5, call });
    victim.signal('SIGSTOP');
    const report = await openLoop({ perSecond: 100, seconds: 4, call }); // less than a lease: the registry knows nothing
    victim.signal('SIGCONT');
    const later = report.between(2000);
    const share = later.count('second attempt') / later.sent;
    console.log(`first 2 s: ${show(report.between(0, 2000))}; then ${show(later)}: ${(share * 100).toFixed(1)} %`);
    expect(report.count('at once') + report.count('second attempt')).toBe(report.sent);
    expect(share).toBeLessThan(0.1);
  });

  it('is killed: it is out of rotation long before its lease ends, and no call fails', async () => {
    const load = openLoop({ perSecond: 100, seconds: 2, call: () => caller.outcome() });
    await sleep(500);
    const killed = performance.now();
    victim.signal('SIGKILL');
    await eventually(() => expect(caller.pool()).toEqual(['sim-1']), 5000, 5); // long before its lease ends
    const out = performance.now() - killed;
    const report = await load;
    console.log(`out of the pool after ${out.toFixed(0)} ms; ${report.sent} calls, ${report.latencies}`);
    expect(report.outcomes).toEqual({ ok: report.sent });
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
      const report = await openLoop({ perSecond: 120, seconds: 3, call: async () => (await caller.work()).instance });
      p99.set(strategy, report.quantile(0.99));
      console.log(`${strategy}: ${report.latencies}; ${report.count('slow')} of ${report.sent} at the slow one`);
    }
    const halfOfRoundRobin = (p99.get('round-robin') ?? NaN) / 2;
    expect(p99.get('peak-ewma')).toBeLessThan(halfOfRoundRobin);
    expect(p99.get('least-request')).toBeLessThan(halfOfRoundRobin);
  });
});
