import { Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '@trellis/launch';
import { eventually, openLoop } from '@trellis/testing';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Person, newPerson } from './people.js';
import { call, whole } from './platform.js';
import { platformSim } from './platform-sims.js';
import { simContract } from './sim/sim-contract.js';
import type { SimInstance } from './sim-instance.js';
import { World } from './world.js';

/** Variables of a process whose clock is so many hours ahead. */
const hoursAhead = (hours: number) => ({
  CLOCK_OFF_MS: `${hours * 3_600_000}`,
  NODE_OPTIONS: `--import=${join(root, 'apps/system-tests/dist/clock-off.config.js')}`,
});
/** After which whoever is not heard of is no longer listed. */
const LEASE_MS = 6000;

describe('a clock that is an hour off', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(hoursAhead(1));
    await world.sims(
      { name: 'ahead', env: hoursAhead(1) },
      { name: 'behind', env: hoursAhead(-1) },
      { name: 'right', env: {} },
    );
  });
  afterAll(() => world.stop());

  it('of the registry and of services: leases, calls and deadlines hold', async () => {
    const caller = await world.caller({ policies: { defaults: { strategy: 'round-robin' } } });
    const everybody = ['ahead', 'behind', 'right'];
    await eventually(() => expect(caller.pool()).toEqual(everybody));
    const report = await openLoop({ perSecond: 20, seconds: 3, call: async () => (await caller.work()).instance });
    console.log(JSON.stringify(report.outcomes));
    expect(Object.keys(report.outcomes).toSorted()).toEqual(everybody);
    await sleep(LEASE_MS - 2000);
    expect(caller.pool()).toEqual(everybody);
  });
});

describe('the clock of a service that checks tokens', () => {
  let ada: Person;
  const sims: SimInstance[] = [];

  beforeAll(async () => {
    ada = await newPerson();
  });
  afterAll(async () => {
    await Promise.all(sims.map((sim) => sim.stop()));
    await whole();
  });

  const guarded = async (sim: SimInstance): Promise<number> => {
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${ada.token}`);
    return await sim.call(simContract('plain', 'sim').method.guarded, {}, metadata).then(
      () => status.OK,
      ({ code }: { code: number }) => code,
    );
  };

  it('is an hour behind: tokens work, and expired ones would for that hour; an hour ahead: each looks expired', async () => {
    const started = await Promise.all([
      platformSim({ name: 'behind', env: hoursAhead(-1) }),
      platformSim({ name: 'ahead', env: hoursAhead(1) }),
    ]);
    sims.push(...started);
    expect(await Promise.all(started.map(guarded))).toEqual([status.OK, status.UNAUTHENTICATED]);
    // What needs no token works at both, through a gateway whose clock is right.
    const report = await openLoop({
      ...{ perSecond: 20, seconds: 1 },
      call: async () => {
        const { status, body } = await call('/v1/sim/work');
        return status === 200 ? (body as { instance: string }).instance : `${status}`;
      },
    });
    expect(Object.keys(report.outcomes).toSorted()).toEqual(['ahead', 'behind']);
  });
});
