import { afterEach, describe, expect, it } from '@jest/globals';
import { root } from '@trellis/launch';
import type { Summary } from '@trellis/load';
import { join } from 'node:path';
import { platform, whole } from './platform.js';
import { roll, underLoad } from './rolling-story.js';

/**
 * What a machine may answer that has no time, which is not what these stories are about: starting a process takes all of a
 * core for seconds. What a replaced instance would do to its callers is none of it.
 */
const NO_TIME = /OVERLOADED|DEADLINE_EXCEEDED|HTTP 504|READ_TIMEOUT|CIRCUIT_OPEN/;
const failures = ({ outcomes }: Summary): string[] =>
  Object.keys(outcomes).filter((outcome) => outcome !== 'ok' && !NO_TIME.test(outcome));

describe('a new build', () => {
  afterEach(whole, 60_000);

  /** The full story is `npm run test:real -- rolling`: every instance, three times, at 200 requests a second. */
  it('replaces a blog and the gateway under load: nobody notices', async () => {
    const { load, replaced } = await roll({
      ...{ names: ['blog-1', 'gateway'], rounds: 1, perSecond: 20, atLeast: 100, bakeMs: 1_000 },
    });
    expect(replaced).toHaveLength(2);
    expect(failures(load)).toEqual([]);
    expect(load.operations.map(({ operation }) => operation).toSorted()).toEqual([
      'create',
      'gRPC list',
      'gRPC read',
      'list',
      'read',
    ]);
  });

  it('of blog that answers 500 is stopped and rolled back by itself: no request fails', async () => {
    const before = platform.status();
    const build = { entry: join(root, 'apps/system-tests/dist/bad-blog/main.js') };
    const load = await underLoad({ perSecond: 20, atLeast: 100 }, async () => {
      await expect(platform.rollout({ names: ['blog'], build })).rejects.toThrow(
        /^blog-1\S* was not replaced, it runs on: listPosts answers 13 INTERNAL/i,
      );
    });
    expect(failures(load)).toEqual([]);
    expect(platform.status()).toEqual(before);
  });
});
