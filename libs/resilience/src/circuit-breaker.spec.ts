import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type BreakerResult, type CircuitBreaker, type Pass, circuitBreaker } from './circuit-breaker.js';

const OPTIONS = { failureRate: 0.5, minimumVolume: 4, windowMs: 10_000, openMs: 1_000, halfOpenProbes: 2 };

/** Lets calls through one after the other and records their results. */
function calls(breaker: CircuitBreaker, now: number, ...results: BreakerResult[]): (string | undefined)[] {
  return results.map((result) => {
    const pass = breaker.enter(now);
    return pass ? breaker.record(pass, result, now) : 'refused';
  });
}

describe('a circuit breaker', () => {
  it('opens when enough calls fail, refuses, tries two and closes', () => {
    const breaker = circuitBreaker(OPTIONS);
    expect(calls(breaker, 0, 'ok', 'ok', 'failed')).toEqual([undefined, undefined, undefined]);
    expect(calls(breaker, 10, 'failed')).toEqual(['opened']);
    expect(breaker.state(11)).toBe('open');
    expect(calls(breaker, 1_009, 'ok')).toEqual(['refused']);
    expect(breaker.state(1_010)).toBe('half-open');
    expect(calls(breaker, 1_010, 'ok', 'ok')).toEqual([undefined, 'closed']);
    expect(calls(breaker, 1_011, 'failed', 'failed', 'failed')).toEqual([undefined, undefined, undefined]);
  });

  it('does not open for a few calls, however they end', () => {
    expect(calls(circuitBreaker(OPTIONS), 0, 'failed', 'failed', 'failed')).not.toContain('opened');
  });

  it('forgets failures that are older than its window', () => {
    const breaker = circuitBreaker(OPTIONS);
    calls(breaker, 0, 'failed', 'failed', 'failed');
    expect(calls(breaker, 20_000, 'failed', 'ok', 'ok', 'ok')).not.toContain('opened');
  });

  it('opens again when a probe fails', () => {
    const breaker = opened();
    expect(calls(breaker, 2_000, 'ok', 'failed')).toEqual([undefined, 'opened']);
    expect(breaker.state(2_999)).toBe('open');
    expect(breaker.state(3_000)).toBe('half-open');
  });

  it('lets no third call through while two probes are under way', () => {
    const breaker = opened();
    expect([1, 2, 3].map(() => breaker.enter(2_000) !== undefined)).toEqual([true, true, false]);
  });

  it('gives the place of a probe that says nothing to another', () => {
    const breaker = opened();
    expect(calls(breaker, 2_000, 'ignored', 'ignored', 'ok', 'ok')).toEqual([
      undefined,
      undefined,
      undefined,
      'closed',
    ]);
  });

  it('listens only to calls of its present state', () => {
    const breaker = circuitBreaker(OPTIONS);
    const early = breaker.enter(0) as Pass;
    calls(breaker, 0, 'failed', 'failed', 'failed', 'failed');
    expect(breaker.record(early, 'ok', 2_000)).toBeUndefined();
    const probe = breaker.enter(2_000) as Pass;
    expect(breaker.record(early, 'failed', 2_000)).toBeUndefined();
    expect(breaker.record(probe, 'ok', 2_000)).toBeUndefined();
    expect(breaker.state(2_000)).toBe('half-open');
  });

  it('is not kept half-open by probes that are never recorded', () => {
    const breaker = opened();
    breaker.enter(2_000);
    breaker.enter(2_000);
    expect(breaker.enter(2_999)).toBeUndefined();
    expect(calls(breaker, 3_000, 'ok', 'ok')).toEqual([undefined, 'closed']);
  });

  it('closes by probes that take longer than it is open, under steady traffic', () => {
    const breaker = opened();
    const under: { readonly pass: Pass; readonly endsAt: number }[] = [];
    let change: string | undefined;
    for (let now = 2_000; now < 10_000 && change !== 'closed'; now += 100) {
      const pass = breaker.enter(now);
      if (pass) under.push({ pass, endsAt: now + OPTIONS.openMs * 1.5 });
      const [first] = under;
      if (first && first.endsAt <= now) {
        under.shift();
        change = breaker.record(first.pass, 'ok', now);
      }
    }
    expect(change).toBe('closed');
  });

  it('never lets a call through while open, and never more probes than it may', () => {
    const step = fc.record({
      pause: fc.nat(600),
      enter: fc.nat(4),
      results: fc.array(fc.constantFrom<BreakerResult>('ok', 'failed', 'ignored'), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const breaker = circuitBreaker(OPTIONS);
        const under: Pass[] = [];
        const probes: { readonly pass: Pass; readonly at: number }[] = [];
        const ignored: Pass[] = [];
        let now = 0;
        for (const { pause, enter, results } of steps) {
          now += pause;
          for (let call = 0; call < enter; call++) {
            const state = breaker.state(now);
            const pass = breaker.enter(now);
            if (state === 'open') expect(pass).toBeUndefined();
            if (state === 'closed') expect(pass?.state).toBe('closed');
            if (pass) under.push(pass);
            if (pass?.state === 'half-open') probes.push({ pass, at: now });
            const recent = probes.filter((probe) => probe.pass === pass && probe.at > now - OPTIONS.openMs);
            const replaced = ignored.filter((other) => other === pass);
            expect(recent.length).toBeLessThanOrEqual(OPTIONS.halfOpenProbes + replaced.length);
          }
          for (const result of results) {
            const pass = under.shift();
            if (pass) breaker.record(pass, result, now);
            if (pass && result === 'ignored') ignored.push(pass);
          }
        }
      }),
    );
  });

  function opened(): CircuitBreaker {
    const breaker = circuitBreaker(OPTIONS);
    expect(calls(breaker, 0, 'failed', 'failed', 'failed', 'failed').at(-1)).toBe('opened');
    return breaker;
  }
});
