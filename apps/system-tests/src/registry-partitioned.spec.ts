import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FaultProxy, eventually, openLoop } from '@trellis/testing';
import type { Caller } from './caller.js';
import { World } from './world.js';

describe('the registry is cut off from half of the services', () => {
  let world: World;
  let partition: FaultProxy;
  let near: Caller;
  let far: Caller;
  const EVERYBODY = ['far-1', 'far-2', 'near-1', 'near-2'];

  beforeAll(async () => {
    world = await World.start();
    partition = new FaultProxy(world.registry);
    const beyond = { env: { REGISTRY_ADDRESS: await partition.listen() } };
    await world.sims(
      { name: 'near-1' },
      { name: 'near-2' },
      { name: 'far-1', ...beyond },
      { name: 'far-2', ...beyond },
    );
    near = await world.caller();
    far = await world.caller({ registry: partition.address });
    await eventually(() => expect([near.pool(), far.pool()]).toEqual([EVERYBODY, EVERYBODY]));
  });
  afterAll(async () => {
    await partition.close();
    await world.stop();
  });

  it('both halves go on working, and know each other again when the network is mended', async () => {
    partition.freeze();
    const cut = performance.now();
    const loads = [near, far].map((caller) => openLoop({ perSecond: 40, seconds: 9, call: () => caller.outcome() }));
    await eventually(() => expect(near.pool()).toEqual(['near-1', 'near-2']), 10_000);
    const gone = performance.now() - cut;
    const reports = await Promise.all(loads);
    expect(far.pool()).toEqual(EVERYBODY); // it has heard of nobody leaving
    await partition.pass();
    const mended = performance.now();
    await eventually(() => expect([near.pool(), far.pool()]).toEqual([EVERYBODY, EVERYBODY]), 20_000);
    console.log(
      `the far half left after ${gone.toFixed(0)} ms and was back ${(performance.now() - mended).toFixed(0)} ms after the end`,
    );
    for (const report of reports) expect(report.outcomes).toEqual({ ok: report.sent });
  });
});
