import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { eventually, openLoop } from '@trellis/testing';
import { at, call, whole } from './platform.js';
import { platformSim } from './platform-sims.js';
import type { SimInstance } from './sim-instance.js';

describe('the last instance of a service', () => {
  let sim: SimInstance;
  let backup: SimInstance | undefined;

  afterEach(() => Promise.all([sim.stop(), backup?.stop()]));
  afterAll(whole, 60_000);

  const work = async () => (await call('/v1/sim/work')).status;

  it('leaves: 503 at once, and 200 within a second of its return', async () => {
    sim = await platformSim({ name: 'sim-1' });
    await eventually(async () => expect(await work()).toBe(200));
    await sim.stop();
    const gone = await call('/v1/sim/work');
    expect([gone.status, Number(gone.headers.get('retry-after')) > 0]).toEqual([503, true]);
    const without = await openLoop({ perSecond: 50, seconds: 1, call: async () => `${await work()}` });
    console.log(`without an instance: ${JSON.stringify(without.outcomes)}, ${without.latencies}`);
    expect(without.outcomes).toEqual({ 503: without.sent });

    sim = await platformSim({ name: 'sim-1' });
    const listed = performance.now();
    await eventually(async () => expect(await work()).toBe(200), 5000, 5);
    console.log(`200 again ${(performance.now() - listed).toFixed(0)} ms after it was ready`);
  });

  it('leaves while a backup is there: the backup answers, and the answer says so', async () => {
    const start = { name: 'backup-1', service: 'sim-backup', contract: 'routeless' } as const;
    [sim, backup] = await Promise.all([platformSim({ name: 'sim-1' }), platformSim(start)]);
    const answer = async () => {
      const { status, headers, body } = await call('/v1/sim/work');
      return [status, headers.get('x-fallback'), at(body, 'instance')];
    };
    await eventually(async () => expect(await answer()).toEqual([200, null, 'sim-1']));
    await sim.stop();
    expect(await answer()).toEqual([200, 'backup', 'backup-1']);
    sim = await platformSim({ name: 'sim-1' });
    await eventually(async () => expect(await answer()).toEqual([200, null, 'sim-1']), 5000, 5);
  });
});
