import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@trellis/testing';
import fc from 'fast-check';
import type { CallResult, Candidate, Endpoint } from './endpoint.js';
import { createPool } from './pool.js';
import { STRATEGY_NAMES } from './strategies.js';

/** What can happen to a pool. Numbers choose among what is there at the time. */
const happening = fc.oneof(
  fc.record({ what: fc.constant('list' as const), ids: fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 10 }) }),
  fc.record({
    what: fc.constant('call' as const),
    tried: fc.nat(3),
    hash: fc.option(fc.integer(), { nil: undefined }),
  }),
  fc.record({
    what: fc.constant('end' as const),
    which: fc.nat(100),
    result: fc.constantFrom<CallResult>('ok', 'failed', 'failed', 'overloaded', 'cancelled'),
  }),
  fc.record({ what: fc.constant('wait' as const), ms: fc.nat(20_000) }),
);

const options = fc.record({
  strategy: fc.constantFrom(...STRATEGY_NAMES),
  zone: fc.constantFrom('', 'z0', 'z1'),
  slowStartMs: fc.constantFrom(0, 10_000),
  outlier: fc.constantFrom<false | { consecutiveFailures: number }>(false, { consecutiveFailures: 2 }),
});

describe('whatever happens to a pool', () => {
  it('picks members alone, an ejected one only in panic or after all others, and counts calls that are out', () => {
    fc.assert(
      fc.property(options, fc.array(happening, { maxLength: 120 }), fc.integer(), (settings, story, seed) => {
        const pool = createPool<Candidate>({ ...settings, random: seededRandom(seed) });
        const out: Endpoint[] = [];
        let now = 0;
        for (const event of story) {
          if (event.what === 'wait') now += event.ms;
          if (event.what === 'list') {
            const before = new Map(pool.endpoints.map((endpoint) => [endpoint.candidate.id, endpoint]));
            pool.update(
              event.ids.map((id) => ({ id: `i${id}`, weight: id, zone: `z${id % 3}` })),
              now,
            );
            const ids = pool.endpoints.map(({ candidate }) => candidate.id);
            expect(ids).toEqual([...new Set(event.ids)].map((id) => `i${id}`));
            for (const endpoint of pool.endpoints) {
              expect(before.get(endpoint.candidate.id) ?? endpoint).toBe(endpoint);
            }
          }
          if (event.what === 'call') {
            const tried = pool.endpoints.slice(0, event.tried);
            const endpoint = pool.pick(now, tried, event.hash);
            expect(endpoint === undefined).toBe(pool.endpoints.length === 0);
            if (endpoint) {
              const { panic } = pool.stats(now);
              const inRotation = (one: Endpoint) => panic || one.ejectedUntil <= now;
              expect(pool.endpoints).toContain(endpoint);
              if (!inRotation(endpoint))
                expect(pool.endpoints.filter(inRotation).every((one) => tried.includes(one))).toBe(true);
              if (tried.includes(endpoint)) {
                expect(pool.endpoints.every((one) => tried.includes(one))).toBe(true);
                expect(inRotation(endpoint)).toBe(true);
              }
              pool.begin(endpoint, now);
              out.push(endpoint);
            }
          }
          if (event.what === 'end' && out.length > 0) {
            const [ended] = out.splice(event.which % out.length, 1);
            if (ended) pool.end(ended, event.result, 5, now);
          }
          for (const endpoint of pool.endpoints) {
            expect(endpoint.active).toBe(out.filter((one) => one === endpoint).length);
            expect(endpoint.passed).toBe(false);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never counts fewer calls than none', () => {
    const pool = createPool<Candidate>({ strategy: 'least-request', random: seededRandom(1) });
    pool.update([{ id: 'a', weight: 1, zone: '' }], 0);
    for (const endpoint of pool.endpoints) pool.end(endpoint, 'ok', 1, 0);
    expect(pool.endpoints.map(({ active }) => active)).toEqual([0]);
  });
});
