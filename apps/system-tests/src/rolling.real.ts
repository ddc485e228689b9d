import { expect, it } from '@jest/globals';
import { platform, whole } from './platform.js';
import { roll, underLoad } from './rolling-story.js';
import { setTimeout as sleep } from 'node:timers/promises';

const ROUNDS = 3;

it('every instance is replaced three times under 200 requests a second: 0 of at least 30,000 fail', async () => {
  const services = platform.status().filter(({ service }) => !/^(?:postgres|dev-)/.test(service));
  // Ten processes that have just started compile their code, on two cores; the load that is counted meets them warm. The
  // new instances of the rollout it meets cold.
  for (const perSecond of [50, 100, 200]) await underLoad({ perSecond, atLeast: 0 }, () => sleep(15_000));
  console.log('warm: from here on every request counts');
  const start = performance.now();
  const { load, replaced } = await roll({ rounds: ROUNDS, perSecond: 200, atLeast: 30_000, bakeMs: 2_000 });
  const seconds = (performance.now() - start) / 1_000;
  console.log(
    `${replaced.length} instances replaced in ${seconds.toFixed(0)} s; ${load.failed} of ${load.sent} requests failed`,
  );
  expect(replaced).toHaveLength(services.length * ROUNDS);
  expect(load.outcomes).toEqual({ ok: load.sent });
  expect(load.sent).toBeGreaterThanOrEqual(30_000);
  await whole();
});
