import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@trellis/testing';
import type { Candidate, Endpoint } from './endpoint.js';
import { hashOf } from './hash.js';
import { type Pool, createPool } from './pool.js';
import type { PoolOptions } from './pool-options.js';
import { STRATEGY_NAMES } from './strategies.js';

const candidates = (...ids: readonly string[]) => ids.map((id): Candidate => ({ id, weight: 1, zone: '' }));

function poolOf(list: readonly Candidate[], options: Partial<PoolOptions> = {}): Pool<Candidate> {
  const pool = createPool<Candidate>({ strategy: 'round-robin', random: seededRandom(1), ...options });
  pool.update(list, 0);
  return pool;
}
const idOf = (endpoint: Endpoint | undefined) => endpoint?.candidate.id;
const picks = (pool: Pool<Candidate>, count: number, now = 0) =>
  Array.from({ length: count }, () => idOf(pool.pick(now, [])));
const shareOf = (id: string, pool: Pool<Candidate>, now: number) =>
  picks(pool, 2_000, now).filter((pick) => pick === id).length / 2_000;

function endpoint(pool: Pool<Candidate>, id: string): Endpoint {
  const found = pool.endpoints.find(({ candidate }) => candidate.id === id);
  if (!found) throw new Error(`${id} is not in the pool`);
  return found;
}

/** A call to it that ended so at once; the event if it ejected. */
function call(pool: Pool<Candidate>, to: Endpoint, result: 'ok' | 'failed' | 'overloaded', now: number) {
  pool.begin(to, now);
  return pool.end(to, result, 1, now);
}
const eject = (pool: Pool<Candidate>, id: string, now: number) =>
  [1, 2, 3, 4, 5].map(() => call(pool, endpoint(pool, id), 'failed', now)).at(-1);

describe('members', () => {
  it('are nobody at first', () => {
    expect(poolOf([]).pick(0, [])).toBeUndefined();
    expect(poolOf([]).stats(0)).toMatchObject({ size: 0, panic: false });
  });

  it('keep what is known of them when the list changes, and take over what it says now', () => {
    const pool = poolOf(candidates('a', 'b'));
    const a = endpoint(pool, 'a');
    pool.begin(a, 0);
    pool.update(
      [
        { id: 'c', weight: 1, zone: '' },
        { id: 'a', weight: 7, zone: 'z' },
      ],
      1,
    );
    expect(endpoint(pool, 'a')).toBe(a);
    expect(a).toMatchObject({ active: 1, candidate: { weight: 7, zone: 'z' } });
    expect(pool.endpoints.map(idOf)).toEqual(['c', 'a']);
  });

  it('begin anew when they come back', () => {
    const pool = poolOf(candidates('a', 'b'));
    const a = endpoint(pool, 'a');
    pool.begin(a, 0);
    pool.update(candidates('b'), 1);
    pool.update(candidates('a', 'b'), 2);
    pool.end(a, 'failed', 10, 3);
    expect(endpoint(pool, 'a')).not.toBe(a);
    expect(endpoint(pool, 'a')).toMatchObject({ active: 0, failures: 0 });
  });

  it('are each there once', () => {
    expect(poolOf([...candidates('a', 'b'), ...candidates('a')]).endpoints).toHaveLength(2);
  });

  it('are a part of a large list, the same for the same caller', () => {
    const large = candidates(...Array.from({ length: 100 }, (_, n) => `i${n}`));
    const subset = { size: 5, client: 'gateway-1' };
    const pool = poolOf(large, { subset });
    expect(pool.endpoints).toHaveLength(5);
    expect(new Set(picks(pool, 20)).size).toBe(5);
    expect(poolOf(large, { subset }).endpoints.map(idOf)).toEqual(pool.endpoints.map(idOf));
  });
});

describe('a latency that no clock can have measured', () => {
  it.each([NaN, -1_000, Infinity])('of %d spoils nothing', (latency) => {
    const pool = poolOf(candidates('a', 'b'), { strategy: 'peak-ewma' });
    const [a, b] = [endpoint(pool, 'a'), endpoint(pool, 'b')];
    pool.end(a, 'ok', latency, 0);
    pool.end(a, 'ok', 20, 1_000);
    pool.end(b, 'ok', 10, 1_000);
    expect(a.latency).toBe(20);
    expect(new Set(picks(pool, 20, 1_000))).toEqual(new Set(['b']));
  });
});

describe('those that were tried', () => {
  it('are avoided while another is there, and picked when none is', () => {
    const pool = poolOf(candidates('a', 'b'));
    const [a, b] = [endpoint(pool, 'a'), endpoint(pool, 'b')];
    expect([1, 2, 3].map(() => idOf(pool.pick(0, [a])))).toEqual(['b', 'b', 'b']);
    expect(pool.pick(0, [a, b])).toBeDefined();
    expect(pool.endpoints.some(({ passed }) => passed)).toBe(false);
  });

  it('are avoided across zones', () => {
    const zones = [
      { id: 'near', weight: 1, zone: 'a' },
      { id: 'far', weight: 1, zone: 'b' },
    ];
    const pool = poolOf(zones, { zone: 'a' });
    expect(picks(pool, 3)).toEqual(['near', 'near', 'near']);
    expect(idOf(pool.pick(0, [endpoint(pool, 'near')]))).toBe('far');
  });

  it('are avoided even for an instance of a zone that has nothing to spare', () => {
    const zones = [...'abccc'].map((zone, index) => ({ id: `${zone}${index}`, weight: 1, zone }));
    const pool = poolOf(zones, { zone: 'a' });
    const tried = pool.endpoints.filter(({ candidate }) => candidate.zone !== 'b');
    expect(idOf(pool.pick(0, tried))).toBe('b1');
  });
});

describe('ejection', () => {
  it('takes one out, says so, and lets it back in when its time is over', () => {
    const pool = poolOf(candidates('a', 'b', 'c'));
    expect(eject(pool, 'b', 0)).toEqual({
      endpoint: endpoint(pool, 'b'),
      reason: 'consecutive-failures',
      forMs: 30_000,
    });
    expect(pool.stats(1)).toEqual({ size: 3, ejected: 1, panic: false, localShare: 1 });
    expect(new Set(picks(pool, 20, 29_999))).toEqual(new Set(['a', 'c']));
    expect(picks(pool, 20, 31_000)).toContain('b');
  });

  it('leaves everything to the other one of two', () => {
    const pool = poolOf(candidates('a', 'b'));
    expect(eject(pool, 'a', 0)).toBeDefined();
    expect(pool.stats(1)).toMatchObject({ ejected: 1, panic: false });
    expect(picks(pool, 3, 1)).toEqual(['b', 'b', 'b']);
  });

  it('is ignored once both of two fail: either may be the first to recover', () => {
    const pool = poolOf(candidates('a', 'b'));
    eject(pool, 'a', 0);
    eject(pool, 'b', 1);
    expect(pool.stats(2)).toMatchObject({ ejected: 1, panic: true });
    expect(new Set(picks(pool, 20, 2_000))).toEqual(new Set(['a', 'b']));
    call(pool, endpoint(pool, 'b'), 'ok', 3_000);
    expect(pool.stats(3_001)).toMatchObject({ ejected: 1, panic: false });
    expect(picks(pool, 3, 20_000)).toEqual(['b', 'b', 'b']);
  });

  it('is ignored once all of ten fail, and holds while one of them is good', () => {
    const ids = [...'abcdefghij'];
    const pool = poolOf(candidates(...ids));
    for (const id of ids.slice(0, 9)) eject(pool, id, 0);
    expect(pool.stats(1)).toMatchObject({ ejected: 5, panic: false });
    eject(pool, 'j', 1);
    expect(pool.stats(2)).toMatchObject({ ejected: 5, panic: true });
  });

  it('never leaves nobody, whatever the threshold', () => {
    const pool = poolOf(candidates('a', 'b'), { panicThreshold: 0 });
    eject(pool, 'a', 0);
    pool.update(candidates('a'), 1);
    expect(idOf(pool.pick(2, []))).toBe('a');
  });

  it('does not keep one from a request that has tried all others', () => {
    const pool = poolOf(candidates('a', 'b', 'c'));
    eject(pool, 'b', 0);
    const [a, b, c] = ['a', 'b', 'c'].map((id) => endpoint(pool, id)) as [Endpoint, Endpoint, Endpoint];
    expect(idOf(pool.pick(1, [a]))).toBe('c');
    expect(idOf(pool.pick(1, [a, c]))).toBe('b');
    expect(pool.pick(1, [a, b, c])).not.toBe(b);
  });

  it('is ignored in panic, when too few are left', () => {
    const pool = poolOf(candidates('a', 'b', 'c'));
    eject(pool, 'a', 0);
    pool.update(candidates('a', 'b'), 1);
    expect(pool.stats(1).panic).toBe(false);
    pool.update(candidates('a'), 2);
    expect(pool.stats(2)).toMatchObject({ ejected: 1, panic: true });
    expect(idOf(pool.pick(2, []))).toBe('a');
  });

  it('can be switched off', () => {
    const pool = poolOf(candidates('a', 'b'), { outlier: false });
    expect(eject(pool, 'a', 0)).toBeUndefined();
    expect(pool.stats(0).ejected).toBe(0);
  });

  it('does not concern who has left', () => {
    const pool = poolOf(candidates('a', 'b', 'c'));
    const a = endpoint(pool, 'a');
    pool.update(candidates('b', 'c'), 0);
    expect([1, 2, 3, 4, 5].map(() => call(pool, a, 'failed', 0))).toEqual(Array(5).fill(undefined));
  });
});

describe('one of two in a service with a call a second', () => {
  /** Calls of ten minutes that went to `a` first, while it answered none of them. */
  function toBroken(strategy: PoolOptions['strategy'], latency: number): number {
    const pool = poolOf(candidates('a', 'b'), { strategy });
    let count = 0;
    for (let now = 0; now < 630_000; now += 1_000) {
      const tried: Endpoint[] = [];
      for (let done = false; !done;) {
        const picked = pool.pick(now, tried);
        if (!picked || tried.includes(picked)) throw new Error('nobody answered');
        pool.begin(picked, now);
        tried.push(picked);
        done = idOf(picked) === 'b' || now < 30_000;
        pool.end(picked, done ? 'ok' : 'failed', done ? 5 : latency, now + (done ? 5 : latency));
        if (!done && tried.length === 1) count++;
      }
    }
    return count;
  }

  it.each(STRATEGY_NAMES)(
    'hardly costs a call a second attempt, and none its answer, when it hangs or fails at once, with %s',
    (strategy) => {
      expect(toBroken(strategy, 900)).toBeLessThan(0.02 * 600);
      expect(toBroken(strategy, 1)).toBeLessThan(0.02 * 600);
    },
  );
});

describe('who gets less than its share', () => {
  it('is one that joins others, until it is warm', () => {
    const pool = poolOf(candidates('a', 'b'), { slowStartMs: 10_000 });
    expect(picks(pool, 2)).toEqual(['a', 'b']);
    pool.update(candidates('a', 'b', 'c'), 0);
    const shares = [0, 5_000, 10_000].map((now) => shareOf('c', pool, now));
    expect(shares[0]).toBeLessThan(0.08);
    expect(shares[1]).toBeGreaterThan(0.1);
    expect(shares[1]).toBeLessThan(0.25);
    expect(shares[2]).toBeCloseTo(1 / 3, 2);
  });

  it('is one that comes back from ejection', () => {
    const pool = poolOf(candidates('a', 'b', 'c'), { slowStartMs: 10_000 });
    eject(pool, 'a', 0);
    expect(shareOf('a', pool, 30_000)).toBeLessThan(0.08);
    expect(shareOf('a', pool, 40_000)).toBeCloseTo(1 / 3, 1);
  });

  it('is one that refuses for overload, without being ejected', () => {
    const pool = poolOf(candidates('a', 'b'));
    const a = endpoint(pool, 'a');
    for (let now = 0; now < 3_000; now += 10) call(pool, a, 'overloaded', now);
    expect(pool.stats(3_000).ejected).toBe(0);
    expect(shareOf('a', pool, 3_000)).toBeLessThan(0.1);
    expect(shareOf('a', pool, 10_000)).toBeCloseTo(0.5, 1);
  });

  it('loses the same keys each time where keys belong to instances', () => {
    const pool = poolOf(candidates('a', 'b', 'c'), { strategy: 'ring-hash', slowStartMs: 10_000 });
    pool.update(candidates('a', 'b', 'c', 'd'), 0);
    const owners = () => Array.from({ length: 500 }, (_, key) => idOf(pool.pick(5_000, [], hashOf(`key-${key}`))));
    expect(owners()).toEqual(owners());
    expect(owners()).toContain('d');
  });
});

describe('zones', () => {
  const pool = (strategy: PoolOptions['strategy']) =>
    poolOf(
      [...'abbb'].map((zone, index) => ({ id: `${zone}${index}`, weight: 1, zone })),
      { zone: 'a', strategy },
    );

  it('keep as much as the own one has capacity for', () => {
    expect(shareOf('a0', pool('random'), 0)).toBeCloseTo(0.5, 1);
    expect(pool('random').stats(0).localShare).toBe(0.5);
  });

  it('are not looked at where keys belong to instances', () => {
    expect(shareOf('a0', pool('ring-hash'), 0)).toBeCloseTo(0.25, 1);
  });
});
