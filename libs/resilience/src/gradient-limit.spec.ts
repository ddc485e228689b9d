import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '@trellis/testing';
import { type GradientLimit, gradientLimit } from './gradient-limit.js';
import { type ServerModel, simulateServer, unlimited } from './simulated-server.fixture.js';

const SEED = 7;
const limiter = (options = {}): GradientLimit => gradientLimit(options, seededRandom(SEED));

/** Work of about `ms`, half as long to half as long again. */
const about =
  (ms: number, kind = 'read'): ServerModel['work'] =>
  (_now, random) => ({ kind, ms: ms * (0.5 + random()) });

const server = (places: number, ms: number, load: number, more: Partial<ServerModel> = {}): ServerModel => ({
  places,
  work: about(ms),
  rate: () => ((places * 1000) / ms) * load,
  deadlineMs: 1_000,
  forMs: 30_000,
  fromMs: 2_000,
  ...more,
});

describe('an adaptive concurrency limit', () => {
  const SERVERS = [
    { places: 1, ms: 2 },
    { places: 1, ms: 10 },
    { places: 4, ms: 20 },
    { places: 4, ms: 100 },
    { places: 16, ms: 50 },
    { places: 100, ms: 20 },
  ];

  it.each(SERVERS)('keeps $places places of $ms ms at their peak under three times the load', ({ places, ms }) => {
    const model = server(places, ms, 3);
    const peak = (places * 1000) / ms;
    const limited = simulateServer(model, limiter(), SEED);
    const open = simulateServer(model, unlimited, SEED);
    expect(limited.goodput).toBeGreaterThan(0.9 * peak);
    expect(open.goodput).toBeLessThan(0.05 * peak);
  });

  it.each(SERVERS)('does the same for $places places of $ms ms just above what they can do', ({ places, ms }) => {
    const limited = simulateServer(server(places, ms, 1.1), limiter(), SEED);
    expect(limited.goodput).toBeGreaterThan((0.9 * places * 1000) / ms);
  });

  it.each(SERVERS)('refuses nobody at seven tenths of what $places places of $ms ms can do', ({ places, ms }) => {
    expect(simulateServer(server(places, ms, 0.7), limiter(), SEED).refused).toBe(0);
  });

  it('lets no overload, however long, become the usual', () => {
    const limit = limiter();
    const hour = server(4, 20, 1.2, { forMs: 3_600_000, fromMs: 3_540_000 });
    const { goodput, mean } = simulateServer(hour, limit, SEED);
    expect(goodput).toBeGreaterThan(0.9 * 200);
    expect(mean).toBeLessThan(250);
  });

  it('is not misled by a method that is slow by nature', () => {
    const limit = limiter();
    const work: ServerModel['work'] = (now, random) =>
      random() < 0.1 ? about(100, 'login')(now, random) : about(1, 'read')(now, random);
    const run = simulateServer(server(16, 11, 0.6, { work }), limit, SEED);
    expect(run.refused).toBe(0);
    expect(limit.limit).toBeGreaterThanOrEqual(100);
  });

  it('finds out that calls have become slower by nature, and takes as many as before', () => {
    // A dependency that is ten times as slow from the tenth second on, and has room for everybody.
    const work: ServerModel['work'] = (now, random) => about(now < 10_000 ? 50 : 500)(now, random);
    const model = server(10_000, 50, 1, { work, rate: () => 400, deadlineMs: 5_000, forMs: 60_000, fromMs: 40_000 });
    const run = simulateServer(model, limiter(), SEED);
    expect(run.refused / run.offered).toBeLessThan(0.05);
  });

  it('takes all there is again once the overload is over', () => {
    const rate = (now: number): number => (now < 20_000 ? 600 : 140);
    const run = simulateServer(server(4, 20, 1, { rate, forMs: 40_000, fromMs: 25_000 }), limiter(), SEED);
    expect(run.refused).toBe(0);
  });

  it('lets in the least it may, however slow everything is', () => {
    const limit = limiter({ min: 20 });
    for (let call = 0; call < 1_000; call++) {
      while (limit.inFlight < 20) expect(limit.acquire(call * 100)).toBe(true);
      limit.release('read', call < 20 ? 10 : 2_000, true, call * 100);
    }
    expect(limit.limit).toBe(20);
  });

  it.each([NaN, -50, Infinity])('still works after a latency of %d, which no clock can have measured', (latency) => {
    const limit = limiter();
    const call = (now: number, took: number) => {
      while (limit.inFlight < limit.limit && limit.acquire(now));
      limit.release('read', took, true, now);
    };
    for (let now = 0; now < 10_000; now += 10) call(now, now === 50 ? latency : 20);
    expect(limit.limit).toBeGreaterThan(100);
    for (let now = 10_000; now < 60_000; now += 10) call(now, 2_000);
    expect(limit.limit).toBeLessThan(100);
  });

  it('is not lowered by callers who wait for a moment only', () => {
    const limit = limiter();
    for (let call = 0; call < 1_000; call++) {
      limit.acquire(call * 10);
      limit.release('read', call < 100 ? 20 : 1, call < 100, call * 10 + 5);
    }
    expect(limit.limit).toBe(100);
  });

  it('never lets in more than its limit, nor leaves its bounds', () => {
    const step = fc.record({
      enter: fc.nat(60),
      leave: fc.nat(60),
      latency: fc.nat(5_000),
      ok: fc.boolean(),
      pass: fc.nat(500),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(1_000), (steps, seed) => {
        const limit = gradientLimit({ min: 5, max: 50, initial: 20 }, seededRandom(seed));
        let now = 0;
        for (const { enter, leave, latency, ok, pass } of steps) {
          now += pass;
          for (let call = 0; call < enter; call++) {
            const before = limit.inFlight;
            expect(limit.acquire(now)).toBe(limit.inFlight === before + 1);
            if (limit.inFlight > before) expect(limit.inFlight).toBeLessThanOrEqual(limit.limit);
          }
          for (let call = Math.min(leave, limit.inFlight); call > 0; call--) limit.release('read', latency, ok, now);
          expect(limit.limit).toBeGreaterThanOrEqual(5);
          expect(limit.limit).toBeLessThanOrEqual(50);
        }
      }),
    );
  });
});
