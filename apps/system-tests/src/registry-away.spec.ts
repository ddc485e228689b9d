import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Outage, surviveOutage } from './registry-outage.js';
import { World } from './world.js';

/** `npm run test:real -- registry-outage` does the same for two minutes. */
const SECONDS = 20;

describe(`the registry is killed for ${SECONDS} s under load, and starts again empty`, () => {
  let world: World;
  let outage: Outage;

  beforeAll(async () => {
    world = await World.start();
    outage = await surviveOutage(world, SECONDS);
  });
  afterAll(() => world.stop());

  it('no call fails', () => {
    const { report, allBackMs } = outage;
    console.log(
      `${report.sent} calls, ${report.latencies}; all listed again ${allBackMs.toFixed(0)} ms after the start`,
    );
    expect(report.outcomes).toEqual({ ok: report.sent });
  });

  it('no pool shrinks', () => {
    expect(outage.smallestPool).toBe(2);
  });

  it('a service that starts meanwhile finds its peers on its disk', () => {
    console.log(`started and answered by a peer within ${(outage.newcomerMs / 1000).toFixed(1)} s`);
    expect(outage.newcomerMs).toBeGreaterThan(0);
  });
});
