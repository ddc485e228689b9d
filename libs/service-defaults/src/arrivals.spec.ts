import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@trellis/testing';
import { Arrivals } from './arrivals.js';

const never = new AbortController().signal;

describe('arrivals', () => {
  /** Calls come in so many milliseconds after the beginning, while somebody waits for quiet. */
  async function quietAfter(...calls: number[]): Promise<number> {
    const clock = new ManualClock(0);
    const arrivals = new Arrivals(clock.now, async (ms) => {
      const end = clock.now() + ms;
      for (const call of calls.filter((at) => at > clock.now() && at <= end)) {
        clock.advance(call - clock.now());
        arrivals.note();
      }
      clock.advance(end - clock.now());
    });
    await arrivals.quiet(150, never);
    return clock.now();
  }

  it.each([
    [[], 150],
    [[100], 250],
    [[100, 240, 380], 530],
    [[100, 251], 250],
  ])('after calls at %j are over at %i', async (calls, expected) => {
    expect(await quietAfter(...calls)).toBe(expected);
  });

  it('are over at the signal, whatever comes in', async () => {
    const enough = new AbortController();
    const quiet = new Arrivals().quiet(3_600_000, enough.signal);
    enough.abort();
    await quiet;
  });
});
