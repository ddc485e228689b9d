import { STRATEGY_NAMES } from '@trellis/balancing';
import { svg } from '../plot.js';
import type { Row } from '../report.js';

/** From as good as the best of its case to four times as long. */
const COLOURS = ['#e4f2e4', '#fdf0c4', '#f6b48f', '#d7604f'];

/** p99 of every strategy in every case, coloured by how it compares with the best one of the case. */
export function p99Chart(rows: readonly Row[]): string {
  const p99 = rows.filter(({ metric }) => metric === 'p99');
  const cases = [...new Set(p99.map((row) => row.case))].reverse();
  const best = new Map(
    cases.map((name) => [name, Math.min(...p99.filter((row) => row.case === name).map(({ value }) => value))]),
  );
  const data = p99.map((row) => ({
    value: [STRATEGY_NAMES.findIndex((name) => name === row.subject), cases.indexOf(row.case), ratio(row)],
    label: { formatter: row.value.toFixed(0) },
  }));
  function ratio(row: Row): number {
    return row.value / (best.get(row.case) ?? row.value);
  }
  return svg(
    {
      title: {
        text: 'p99 in milliseconds',
        subtext: 'colour: how many times the best strategy of its case',
        left: 10,
        top: 5,
      },
      grid: { left: 170, right: 130, top: 95, bottom: 15 },
      xAxis: {
        type: 'category',
        data: [...STRATEGY_NAMES],
        position: 'top',
        axisLabel: { interval: 0, fontSize: 12, formatter: twoLines },
      },
      yAxis: { type: 'category', data: cases, axisLabel: { fontSize: 13 } },
      visualMap: {
        min: 1,
        max: 4,
        precision: 1,
        dimension: 2,
        inRange: { color: COLOURS },
        right: 10,
        top: 'middle',
        text: ['4× or more', 'best'],
        itemHeight: 200,
      },
      series: [
        {
          type: 'heatmap',
          data,
          label: { show: true, color: '#222', fontSize: 13 },
          itemStyle: { borderColor: '#fff', borderWidth: 2 },
        },
      ],
    },
    1_150,
    110 + 42 * cases.length,
  );
}

/** Long names do not fit beside each other. */
const twoLines = (name: string): string => name.replace(/^weighted-/, 'weighted-\n');

/** One line of a time line: values in steps of time; undefined where there is nothing to say. */
export interface Line {
  readonly name: string;
  readonly p99: readonly number[];
  readonly share: readonly number[];
}

/** What happens after somebody cold joins at `joinsAt` seconds: above how long callers wait, below how much it gets. */
export function joinChart(lines: readonly Line[], stepSeconds: number, joinsAt: number): string {
  const seconds = (values: readonly number[]) => values.map((value, step) => [step * stepSeconds, value]);
  const mark = {
    silent: true,
    symbol: 'none',
    lineStyle: { color: '#888', type: 'dashed' as const },
    label: { formatter: 'a cold one joins', position: 'end' as const, color: '#666' },
    data: [{ xAxis: joinsAt }],
  };
  const time = { type: 'value' as const, max: Math.floor((lines[0]?.p99.length ?? 0) * stepSeconds), interval: 1 };
  const drawn = { type: 'line' as const, showSymbol: false, lineStyle: { width: 2 } };
  return svg(
    {
      title: { text: 'cold-join: one of ten starts ten times slower and warms up in five seconds', left: 10, top: 5 },
      legend: { top: 36, left: 10, itemWidth: 22, itemGap: 40, icon: 'roundRect', itemHeight: 4 },
      color: ['#c0392b', '#e39b3b', '#2c6fbb', '#2a8f5b'],
      grid: [
        { left: 80, right: 30, top: 85, height: 210 },
        { left: 80, right: 30, top: 350, height: 170 },
      ],
      xAxis: [
        { ...time, gridIndex: 0 },
        { ...time, gridIndex: 1, name: 'seconds', nameLocation: 'middle', nameGap: 26 },
      ],
      yAxis: [
        { type: 'log', gridIndex: 0, min: 50, max: 1_000, name: 'p99 (ms)', nameGap: 12 },
        {
          type: 'value',
          gridIndex: 1,
          name: 'share of the newcomer (%)',
          nameGap: 12,
          nameTextStyle: { align: 'left' },
        },
      ],
      series: lines.flatMap(({ name, p99, share }, index) => [
        { ...drawn, name, xAxisIndex: 0, yAxisIndex: 0, data: seconds(p99), ...(index === 0 && { markLine: mark }) },
        { ...drawn, name, xAxisIndex: 1, yAxisIndex: 1, data: seconds(share) },
      ]),
    },
    900,
    570,
  );
}
