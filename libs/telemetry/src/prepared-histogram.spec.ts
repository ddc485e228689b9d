import { describe, expect, it } from '@jest/globals';
import { durationHistogram } from './prepared-histogram.js';
import { recordMetrics } from './testing.js';

describe('a prepared histogram', () => {
  it('is read with all other metrics, and has no series before its first value', async () => {
    const points = recordMetrics();
    const series = durationHistogram('a').series({ x: 1 });
    expect(await points('a')).toEqual([]);
    series.record(0.1);
    series.record(0.2);
    expect(await points('a')).toEqual([{ attributes: { x: 1 }, value: 2 }]);
  });

  it('takes nothing that is no duration', async () => {
    const points = recordMetrics();
    const series = durationHistogram('b').series({});
    for (const value of [Number.NaN, -1]) series.record(value);
    expect(await points('b')).toEqual([]);
  });

  it('is one for each name, and counts together what would be too many series', async () => {
    const points = recordMetrics();
    for (let i = 0; i < 2_010; i++) durationHistogram('c').series({ i }).record(1);
    const all = await points('c');
    expect(all).toHaveLength(2_001);
    expect(all.at(-1)).toEqual({ attributes: { 'otel.metric.overflow': true }, value: 10 });
  });
});
