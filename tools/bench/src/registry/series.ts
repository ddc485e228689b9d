import { svg } from '../plot.js';

/** Milliseconds over which a rate is taken. */
const WINDOW = 500;
const BUCKET = 100;

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** The most events of any window, as events per second. Times in milliseconds. */
export function highestRate(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [last, at] of sorted.entries()) {
    while (at - (sorted[first] ?? at) >= WINDOW) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return (most * 1000) / WINDOW;
}

/** Announcements and answers a second after a restart, against the steady rate. */
export function announcementPlot(
  announced: readonly number[],
  listed: readonly number[],
  readyAt: number,
  steady: number,
): string {
  return svg({
    title: { text: 'Announcements after the registry was killed and started again' },
    legend: { top: 30 },
    grid: { top: 70 },
    xAxis: { type: 'value', name: 's since ready', nameLocation: 'middle', nameGap: 28 },
    yAxis: { type: 'value', name: 'per second' },
    series: [
      { name: 'sent', type: 'line', showSymbol: false, step: 'end', data: rates(announced, readyAt) },
      { name: 'listed', type: 'line', showSymbol: false, step: 'end', data: rates(listed, readyAt) },
      {
        name: '3 × steady',
        type: 'line',
        showSymbol: false,
        lineStyle: { type: 'dashed' },
        data: [
          [0, 3 * steady],
          [5, 3 * steady],
        ],
      },
    ],
  });
}

function rates(times: readonly number[], origin: number): [number, number][] {
  const buckets = new Map<number, number>();
  for (const time of times) {
    const bucket = Math.floor((time - origin) / BUCKET);
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
  }
  const [first, last] = [Math.min(...buckets.keys()), Math.max(...buckets.keys())];
  return Array.from({ length: last - first + 2 }, (_, n) => [
    ((first + n) * BUCKET) / 1000,
    ((buckets.get(first + n) ?? 0) * 1000) / BUCKET,
  ]);
}
