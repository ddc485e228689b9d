import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoff, busyPause, refusalPause } from './backoff.js';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Announcements per second, by tenths of a second, of those who lost the registry at 0 and have it back at `backAt` ms. */
function returning(announcers: number, backAt: number): { peakPerSecond: number; lastAt: number } {
  let state = 1;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647; // Lehmer's generator, MINSTD: the same numbers in every run
    return state / 2_147_483_647;
  };
  const tenths = new Map<number, number>();
  let lastAt = 0;
  for (let i = 0; i < announcers; i++) {
    let at = 0;
    for (let failures = 0; at === 0 || at < backAt; failures++) at += backoff(failures, random);
    tenths.set(Math.floor(at / 100), (tenths.get(Math.floor(at / 100)) ?? 0) + 1);
    lastAt = Math.max(lastAt, at);
  }
  return { peakPerSecond: Math.max(...tenths.values()) * 10, lastAt };
}

describe('backoff', () => {
  it('mends a lone stream within the grace, and spreads those who find nobody over four seconds', () => {
    const ceilings = [0, 1, 2, 3, 60].map((failures) => backoff(failures, () => 1));
    expect(ceilings).toEqual([200, 4000, 4000, 4000, 4000]);
    fc.assert(
      fc.property(fc.nat(2000), chance, (failures, random) => {
        expect(backoff(failures, () => random)).toBe(random * backoff(failures, () => 1));
      }),
    );
  });

  it.each([600, 2_000, 60_000])('5,000 announcers are back in time and without a rush after %i ms', (outage) => {
    const { peakPerSecond, lastAt } = returning(5_000, outage);
    const steadyPerSecond = 5_000 / 2; // a heartbeat every two seconds
    console.log(`away for ${outage} ms: back after ${(lastAt - outage).toFixed(0)} ms, ${peakPerSecond}/s at most`);
    expect(lastAt - outage).toBeLessThan(5_000);
    expect(peakPerSecond).toBeLessThan(3 * steadyPerSecond);
  });

  it('waits at least five seconds after a refusal', () => {
    fc.assert(
      fc.property(chance, (random) => {
        expect(refusalPause(() => random)).toBeGreaterThanOrEqual(5_000);
        expect(refusalPause(() => random)).toBeLessThanOrEqual(15_000);
      }),
    );
  });

  it('leaves a busy registry alone for as long as it asks, and comes back at another time than the others', () => {
    expect([busyPause(5, () => 0), busyPause(5, () => 1)]).toEqual([5_000, 10_000]);
  });
});
