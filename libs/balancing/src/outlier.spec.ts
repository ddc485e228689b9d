import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CallResult } from './endpoint.js';
import { alike } from './endpoints.fixture.js';
import { OUTLIER_DEFAULTS, OutlierDetector, type OutlierOptions } from './outlier.js';

const OPTIONS: OutlierOptions = {
  ...OUTLIER_DEFAULTS,
  consecutiveFailures: 3,
  intervalMs: 1_000,
  baseEjectionMs: 500,
  maxEjectionMs: 1_200,
  successRateRequestVolume: 10,
};

/** So many endpoints and what their detector says of results. */
function pool(count: number, options: Partial<OutlierOptions> = {}) {
  const all = alike(count);
  const detector = new OutlierDetector({ ...OPTIONS, ...options });
  const report = (index: number, result: CallResult, now: number, times = 1) => {
    const endpoint = all[index];
    if (!endpoint) throw new Error(`there is no endpoint ${index}`);
    const events = Array.from({ length: times }, () => detector.report(endpoint, result, now, all));
    return events.find((event) => event !== undefined);
  };
  return { all, report };
}

describe('failures in a row', () => {
  it('eject at their number, and not before', () => {
    const { all, report } = pool(4);
    expect(report(0, 'failed', 0, 2)).toBeUndefined();
    expect(report(0, 'failed', 7)).toEqual({ endpoint: all[0], reason: 'consecutive-failures', forMs: 500 });
    expect(all[0]?.ejectedUntil).toBe(507);
  });

  it('are broken by one good answer, but neither by a cancellation nor by a refusal for overload', () => {
    const { report } = pool(4);
    report(0, 'failed', 0, 2);
    report(0, 'ok', 0);
    expect(report(0, 'failed', 0, 2)).toBeUndefined();
    report(0, 'cancelled', 0, 5);
    report(0, 'overloaded', 0, 5);
    expect(report(0, 'failed', 0)).toBeDefined();
  });

  it('eject for longer each time, up to the longest', () => {
    const { report } = pool(4, { intervalMs: 1e9 });
    const lengths = [0, 1_000, 3_000, 5_000].map((now) => report(0, 'failed', now, 3)?.forMs);
    expect(lengths).toEqual([500, 1_000, 1_200, 1_200]);
  });

  it('are forgiven step by step in intervals with good answers', () => {
    const { report } = pool(4);
    report(0, 'failed', 0, 3);
    expect(report(0, 'failed', 600, 3)?.forMs).toBe(1_000);
    for (const now of [1_700, 2_800, 3_900]) report(0, 'ok', now);
    expect(report(0, 'failed', 3_901, 3)?.forMs).toBe(500);
  });

  it('are not forgiven for the time spent out of rotation', () => {
    const { report } = pool(4);
    report(0, 'failed', 0, 3);
    for (const now of [1_000, 2_000, 3_000]) report(1, 'ok', now);
    expect(report(0, 'failed', 4_100)?.forMs).toBe(1_000);
  });

  it('say nothing new of one that is out', () => {
    const { report } = pool(4);
    report(0, 'failed', 0, 3);
    expect(report(0, 'failed', 100, 10)).toBeUndefined();
  });

  it('take no more than one to eject again who comes back and still fails', () => {
    const { report } = pool(4);
    report(0, 'failed', 0, 3);
    expect(report(0, 'failed', 500)?.forMs).toBe(1_000);
  });

  it('count anew once one who came back has given a good answer, whatever came in while it was out', () => {
    const { report } = pool(4);
    report(0, 'failed', 0, 3);
    report(0, 'failed', 100, 10);
    report(0, 'ok', 500);
    expect(report(0, 'failed', 501, 2)).toBeUndefined();
  });
});

describe('success rates', () => {
  /** An interval in which each had so many good answers of 20. */
  function afterInterval(good: readonly number[], options: Partial<OutlierOptions> = {}) {
    const { report, all } = pool(good.length, { consecutiveFailures: 1_000, ...options });
    report(0, 'cancelled', 0); // the first interval begins
    for (const [index, count] of good.entries()) {
      report(index, 'ok', 10, count);
      report(index, 'failed', 10, 20 - count);
    }
    return all
      .filter((_, index) => report(index, 'ok', 1_000)?.reason === 'success-rate')
      .map(({ candidate }) => candidate.id);
  }

  it('eject who is far below the others', () => {
    expect(afterInterval([20, 20, 20, 19, 20, 10])).toEqual(['e5']);
  });

  it('leave who is no worse than usual, even where all fail often', () => {
    expect(afterInterval([10, 11, 9, 10, 12, 9])).toEqual([]);
  });

  it('leave one with a single error beside perfect others', () => {
    expect(afterInterval([20, 20, 20, 20, 20, 19], { successRateMinimumGap: 0 })).toEqual(['e5']);
    expect(afterInterval([20, 20, 20, 20, 20, 19], { successRateMinimumGap: 0.1 })).toEqual([]);
  });

  it('say nothing where too few had enough calls', () => {
    expect(afterInterval([20, 20, 20, 0])).toEqual([]);
    expect(afterInterval([20, 20, 20, 20, 20, 0], { successRateRequestVolume: 21 })).toEqual([]);
  });
});

describe('the share that may be out', () => {
  it('is never exceeded, though one always may be and the last one never', () => {
    const reports = fc.array(
      fc.record({ index: fc.nat(11), result: fc.constantFrom<CallResult>('ok', 'failed'), wait: fc.nat(300) }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        reports,
        (count, share, list) => {
          const { all, report } = pool(count, { maxEjectedShare: share, consecutiveFailures: 2 });
          let now = 0;
          for (const { index, result, wait } of list) {
            report(index % count, result, (now += wait));
            const out = all.filter(({ ejectedUntil }) => ejectedUntil > now).length;
            expect(out).toBeLessThanOrEqual(Math.min(count - 1, Math.max(1, count * share)));
          }
        },
      ),
    );
  });
});
