import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, openLoop } from '@trellis/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SimInstance } from './sim-instance.js';
import { World } from './world.js';

describe('a service that has a backup', () => {
  let world: World;
  let sim: SimInstance;

  beforeAll(async () => {
    world = await World.start();
    [sim] = (await world.sims(
      { name: 'sim-1' },
      { name: 'backup-1', service: 'sim-backup', contract: 'routeless' },
    )) as [SimInstance, SimInstance];
  });
  afterAll(() => world.stop());

  it('fails: the backup takes over when the breaker opens, and hands back by itself', async () => {
    const caller = await world.caller({
      policies: {
        services: { sim: { fallback: { service: 'sim-backup' }, breaker: { minimum: 10, open: 1000, window: 1000 } } },
      },
    });
    await eventually(() => expect([caller.pool(), caller.pool('sim-backup')]).toEqual([['sim-1'], ['backup-1']]));
    const call = async () => {
      const { instance, fallback = 'itself' } = await caller.work();
      return `${instance} ${fallback}`;
    };
    const load = openLoop({ perSecond: 50, seconds: 6, call });
    await sleep(1500);
    await sim.behave({ failing: 100 });
    const before = (await sim.tell()).calls;
    await sleep(2500);
    const asked = (await sim.tell()).calls - before;
    await sim.behave({});
    const report = await load;
    const backedUp = report.samples.filter(({ outcome }) => outcome === 'backup-1 backup').map(({ at }) => at);
    const [first = NaN, last = NaN] = [Math.min(...backedUp), Math.max(...backedUp)];
    console.log(
      `the backup answered from ${first.toFixed(0)} to ${last.toFixed(0)} ms; it was down from 1500 to 4000 ms`,
    );
    console.log(`${asked} attempts at the failing service of about 125 requests`);
    expect(Object.keys(report.outcomes).toSorted()).toEqual(['backup-1 backup', 'sim-1 itself']);
    expect(asked).toBeLessThan(63); // the breaker keeps the load off
    expect(report.between(last + 1).outcomes).toEqual({ 'sim-1 itself': expect.any(Number) });
  });
});
