import { describe, expect, it } from '@jest/globals';
import { LoadReport, openLoop } from './open-loop.js';

describe('an open loop', () => {
  it('goes on calling while earlier calls have no answer', async () => {
    const hold = Promise.withResolvers<string>();
    let called = 0;
    const report = await openLoop({
      perSecond: 500,
      seconds: 0.1,
      call: (index) => {
        called += 1;
        if (index === 49) hold.resolve('held');
        return hold.promise;
      },
    });
    expect([called, report.outcomes]).toEqual([50, { held: 50 }]);
  });

  it('counts a rejection by its message', async () => {
    const report = await openLoop({
      perSecond: 1000,
      seconds: 0.01,
      call: (index) => (index % 2 === 0 ? Promise.resolve('ok') : Promise.reject(new Error('refused'))),
    });
    expect([report.sent, report.outcomes]).toEqual([10, { ok: 5, refused: 5 }]);
  });

  it('ends early when told', async () => {
    const end = new AbortController();
    const call = async () => {
      end.abort();
      return 'ok';
    };
    const report = await openLoop({ perSecond: 10, seconds: 600, signal: end.signal, call });
    expect(report.sent).toBeLessThan(3);
  });
});

describe('a report', () => {
  const report = new LoadReport(
    Array.from({ length: 100 }, (_, index) => ({
      at: index * 10,
      latency: 100 - index,
      outcome: index < 90 ? 'ok' : 'late',
    })),
  );

  it('has the quantiles of the latencies', () => {
    expect([0, 0.5, 0.99, 1].map((share) => report.quantile(share))).toEqual([1, 50, 99, 100]);
    expect(report.latencies).toBe('p50 50 ms, p99 99 ms, longest 100 ms');
    expect(new LoadReport([]).quantile(0.5)).toBeNaN();
  });

  it('can be asked about some of its calls', () => {
    expect(report.of('late').sent).toBe(10);
    expect(report.between(500).outcomes).toEqual({ ok: 40, late: 10 });
    expect(report.between(0, 100).count('ok')).toBe(10);
    expect(report.count('unknown')).toBe(0);
  });
});
