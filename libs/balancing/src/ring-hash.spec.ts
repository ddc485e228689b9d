import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@trellis/testing';
import fc from 'fast-check';
import { alike, tally, weighing } from './endpoints.fixture.js';
import { newEndpoint } from './endpoint.js';
import { hashOf } from './hash.js';
import { ringHash } from './ring-hash.js';

const KEYS = 4_000;
const over = (endpoints: ReturnType<typeof alike>) => {
  const picker = ringHash().picker(seededRandom(1));
  picker.prepare(endpoints);
  return picker;
};
const owners = (endpoints: ReturnType<typeof alike>) => {
  const picker = over(endpoints);
  return Array.from({ length: KEYS }, (_, key) => picker.pick(0, key));
};

describe('ring hash', () => {
  const pools = fc.integer({ min: 2, max: 40 }).chain((count) => fc.tuple(fc.constant(count), fc.nat(count - 1)));

  it('moves the keys of the one that leaves and nobody else’s: about 1/n of all', () => {
    fc.assert(
      fc.property(pools, ([count, leaver]) => {
        const endpoints = alike(count);
        const before = owners(endpoints);
        const after = owners(endpoints.filter((_, index) => index !== leaver));
        const moved = before.filter((owner, key) => owner !== after[key]);
        expect(new Set(moved)).toEqual(new Set([endpoints[leaver]]));
        // 256 points give a share a deviation of a sixteenth: half as much again is eight of them.
        expect(moved.length / KEYS).toBeLessThan(1.5 / count);
      }),
      { numRuns: 40 },
    );
  });

  it('moves keys to the one that joins and nowhere else', () => {
    fc.assert(
      fc.property(pools, ([count, joiner]) => {
        const endpoints = alike(count);
        const before = owners(endpoints.filter((_, index) => index !== joiner));
        const after = owners(endpoints);
        for (const [key, owner] of after.entries()) if (owner !== before[key]) expect(owner).toBe(endpoints[joiner]);
      }),
      { numRuns: 40 },
    );
  });

  it('gives a fair share to each of two whose hashes are a few steps of the ring apart', () => {
    const [first, second] = neighbours();
    const pair = [first, second].map((id) => newEndpoint({ id, weight: 1, zone: '' }, 0));
    for (const keys of tally(over(pair), pair, 10_000)) expect(keys).toBeGreaterThan(3_500);
  });

  /** Two names whose hashes differ by a multiple of 2^32 / golden ratio: sequences of multiples of it would coincide. */
  function neighbours(): readonly [string, string] {
    const names = new Map(Array.from({ length: 50_000 }, (_, n) => [hashOf(`i${n}`), `i${n}`]));
    for (const [hash, name] of names) {
      for (let step = 1; step <= 8; step++) {
        const other = names.get((hash + step * 0x9e3779b9) % 2 ** 32);
        if (other !== undefined) return [name, other];
      }
    }
    throw new Error('no such names');
  }

  it('does not depend on the order of the list', () => {
    const endpoints = alike(10);
    expect(owners(endpoints.toReversed())).toEqual(owners(endpoints));
  });

  it('gives shares by weight', () => {
    const endpoints = weighing(1, 2, 3);
    const counts = tally(over(endpoints), endpoints, 60_000);
    for (const [index, count] of counts.entries()) {
      expect(Math.abs(count / 10_000 - (index + 1))).toBeLessThan(0.3 * (index + 1));
    }
  });

  it('hands the keys of one that was tried to the same others each time', () => {
    const endpoints = alike(5);
    const picker = over(endpoints);
    const owner = picker.pick(0, 42);
    for (const endpoint of endpoints) endpoint.passed = endpoint === owner;
    const next = picker.pick(0, 42);
    expect(next).not.toBe(owner);
    expect(picker.pick(0, 42)).toBe(next);
    expect(next).toBe(over(endpoints.filter((endpoint) => endpoint !== owner)).pick(0, 42));
  });

  it('picks anyone where there is no hash', () => {
    const picker = over(alike(3));
    expect(new Set(Array.from({ length: 100 }, () => picker.pick(0, undefined))).size).toBe(3);
  });

  it('holds a thousand', () => {
    const endpoints = alike(1_000);
    const counts = tally(over(endpoints), endpoints, 100_000);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(Math.max(...counts)).toBeLessThan(200);
  });
});
