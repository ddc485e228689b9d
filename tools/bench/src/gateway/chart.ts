import { svg } from '../plot.js';
import type { Row } from '../report.js';

const OURS = '#2f7d4f';
const THEIRS = '#9aa5b1';

/** CPU time per request of everybody in every case, as bars. */
export function cpuChart(rows: readonly Row[]): string {
  const bars = rows.filter(({ metric }) => metric === 'cpu').toReversed();
  const times = (bar: Row): string => {
    const ratio = rows.find((row) => row.case === bar.case && row.subject === bar.subject && row.metric === '÷ nginx');
    return ratio ? `, ${ratio.value.toFixed(1)} × nginx` : '';
  };
  return svg(
    {
      title: { text: 'CPU time of a request in microseconds', left: 10, top: 5 },
      grid: { left: 230, right: 160, top: 45, bottom: 25 },
      xAxis: { type: 'value' },
      yAxis: { type: 'category', data: bars.map((bar) => `${bar.case}: ${bar.subject}`) },
      series: [
        {
          type: 'bar',
          data: bars.map((bar) => ({
            value: bar.value,
            itemStyle: { color: bar.subject.startsWith('trellis') ? OURS : THEIRS },
            label: { formatter: `${bar.value.toFixed(0)}${times(bar)}` },
          })),
          label: { show: true, position: 'right' },
        },
      ],
    },
    900,
    90 + 28 * bars.length,
  );
}
