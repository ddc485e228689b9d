import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { request } from '@trellis/demo';
import { type LoadReport, eventually, openLoop } from '@trellis/testing';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { at } from './platform.js';
import { simContract } from './sim/sim-contract.js';
import type { SimInstance } from './sim-instance.js';
import { World } from './world.js';

/** The tests of a registry that is killed for so many seconds and starts again empty. */
export function registryOutageStory(seconds: number): void {
  let world: World;
  let outage: Outage;

  beforeAll(
    async () => {
      world = await World.start();
      outage = await survive(world, seconds);
    },
    (seconds + 90) * 1000,
  );
  afterAll(() => world.stop());

  it('no call fails', () => {
    const { report, allBackMs } = outage;
    console.log(`${report.sent} calls, ${report.latencies}; all listed ${allBackMs.toFixed(0)} ms after the new start`);
    expect(report.outcomes).toEqual({ ok: report.sent });
  });

  it('no pool shrinks', () => {
    expect(outage.smallestPool).toBe(2);
  });

  it('a service that starts meanwhile finds its peers on its disk', () => {
    console.log(`started, and answered by a peer, within ${(outage.newcomerMs / 1000).toFixed(1)} s`);
  });
}

/** What is seen from outside while the registry is away and when it comes back empty. */
interface Outage {
  readonly report: LoadReport;
  /** Fewest instances that a caller knew at any time. */
  readonly smallestPool: number;
  /** From the start of the empty registry until it listed everybody again. Milliseconds. */
  readonly allBackMs: number;
  /** From the spawn of a service started meanwhile to its first answer from a peer. Milliseconds. */
  readonly newcomerMs: number;
}

/**
 * Two instances of one service under a steady load. The registry is killed for `seconds`; meanwhile a service starts that
 * has run here before and calls a peer. Then the registry starts again without its snapshot.
 */
async function survive(world: World, seconds: number): Promise<Outage> {
  const cache = { DISCOVERY_CACHE_DIR: join(world.folder, 'discovery') };
  const newcomer = { name: 'newcomer', service: 'sim-caller', contract: 'routeless', env: cache } as const;
  await world.sims(
    { name: 'sim-1' },
    { name: 'sim-2' },
    { name: 'peer-1', service: 'sim-peer', contract: 'routeless' },
  );
  const earlier = await world.sim(newcomer);
  await relayed(earlier);
  await earlier.stop();

  const caller = await world.caller();
  let smallestPool = caller.pool().length;
  caller.directory.onChange(() => (smallestPool = Math.min(smallestPool, caller.pool().length)));
  const over = new AbortController();
  const load = openLoop({ perSecond: 40, seconds: 600, call: () => caller.outcome(), signal: over.signal });
  try {
    await sleep(500);
    await world.killRegistry();
    const back = sleep(seconds * 1000);
    const started = performance.now();
    await relayed(await world.sim(newcomer));
    const newcomerMs = performance.now() - started;
    await back;
    world.emptyRegistry();
    await world.startRegistry();
    const empty = performance.now();
    await eventually(() => listed(world, 'sim', 2), 30_000);
    await eventually(() => listed(world, 'sim-peer', 1), 30_000);
    const allBackMs = performance.now() - empty;
    await sleep(500);
    over.abort();
    return { report: await load, smallestPool, allBackMs, newcomerMs };
  } finally {
    over.abort();
    await load;
  }
}

/** Has the instance call `sim-peer`, which it must find by itself. */
const relayed = (instance: SimInstance) => instance.call(simContract('plain', 'sim').method.relay, {});

async function listed(world: World, service: string, count: number): Promise<void> {
  const { body } = await request(`${world.registryUrl}/v1/services/${service}/instances`);
  const found = (at(body, 'instances') as unknown[] | undefined)?.length ?? 0;
  if (found < count) throw new Error(`the registry lists ${found} of ${count} instances of ${service}`);
}
