import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from '@trellis/demo';
import { type LoadReport, eventually, openLoop } from '@trellis/testing';
import { trellis } from './command-line.js';
import { at, call, platform, whole } from './platform.js';
import { platformSim } from './platform-sims.js';
import type { SimInstance } from './sim-instance.js';

describe('versions of a service side by side', () => {
  const sims: SimInstance[] = [];

  beforeAll(async () => {
    sims.push(await platformSim({ name: 'sim-1', version: '1.0.0' }));
    sims.push(await platformSim({ name: 'sim-2', version: '2.0.0', contract: 'extended' }));
    await eventually(async () => expect((await call('/v1/sim/extra')).status).toBe(200));
  });
  afterAll(async () => {
    await Promise.all(sims.map((sim) => sim.stop()));
    await whole();
  });

  /** Which versions answer a path, or the status of what does not. */
  const answered = (path: string): Promise<LoadReport> =>
    openLoop({
      ...{ perSecond: 40, seconds: 1 },
      call: async () => {
        const { status, body } = await call(path);
        return status === 200 ? String(at(body, 'version')) : `HTTP ${status}`;
      },
    });

  it('share the methods that both have, and the new one has its own to itself', async () => {
    const [both, own] = [await answered('/v1/sim/work'), await answered('/v1/sim/extra')];
    console.log(`work: ${JSON.stringify(both.outcomes)}; extra: ${JSON.stringify(own.outcomes)}`);
    expect(Object.keys(both.outcomes).toSorted()).toEqual(['1.0.0', '2.0.0']);
    expect(own.outcomes).toEqual({ '2.0.0': own.sent });
  });

  it('one that breaks the contract takes no call until an operator has approved it', async () => {
    const pending = await platformSim({ name: 'sim-3', version: '3.0.0', contract: 'incompatible' });
    sims.push(pending);
    expect((await answered('/v1/sim/work')).count('3.0.0')).toBe(0);
    expect((await pending.tell()).calls).toBe(0);

    const listing: unknown = JSON.parse(await trellis('contracts', 'sim', '--json'));
    const waiting = (at(listing, 'contracts') as Contract[]).filter(({ pending = [] }) => pending.length > 0);
    console.log(`waiting: ${waiting.map(({ versions, pending }) => `${versions}: ${pending}`).join('\n')}`);
    expect(waiting.map(({ versions }) => versions)).toEqual([['3.0.0']]);

    await trellis('contracts', 'approve', waiting[0]?.hash ?? '');
    await eventually(async () => expect((await answered('/v1/sim/work')).count('3.0.0')).toBeGreaterThan(0));
    const { body } = await request(`${platform.registryUrl}/v1/services/sim/instances?version=3.0.0`);
    expect(at(body, 'instances', '0', 'state')).toBe('STATE_SERVING');
  });
});

interface Contract {
  readonly hash: string;
  readonly versions: readonly string[];
  readonly pending?: readonly string[];
}
