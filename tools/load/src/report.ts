import { svg } from './chart.js';
import type { OperationSummary, Summary, Tally } from './tally.js';

export interface ReportFacts {
  /** What was run, such as "mixed at 200/s for 60 s against http://localhost:8080". */
  readonly title: string;
  readonly began: Date;
}

/** The report as one HTML page that needs nothing else. */
export function report(tally: Tally, { title, began }: ReportFacts): string {
  const { summary } = tally;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Load: ${escape(title)}</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 900px; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
  table { border-collapse: collapse } td, th { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid #ddd }
  td:first-child, th:first-child { text-align: left } .bad { color: #b00020 } svg { max-width: 100%; height: auto }
</style>
<h1>${escape(title)}</h1>
<p>${began.toISOString()}. <b class="${summary.failed > 0 ? 'bad' : ''}">${summary.failed} of ${summary.sent} failed.</b>
Latencies are in milliseconds, from the moment at which a request was due.</p>
${operations(summary)}
${outcomes(summary)}
<h2>Second by second</h2>
${svg(bySecond(tally))}
<h2>Latency by share of the requests</h2>
${svg(byShare(tally))}
</html>
`;
}

function operations(summary: Summary): string {
  const row = (name: string, { sent, failed, p50, p90, p99, p999, max }: Omit<OperationSummary, 'operation'>): string =>
    `<tr><td>${escape(name)}<td>${sent}<td>${failed}${[p50, p90, p99, p999, max].map((ms) => `<td>${ms.toFixed(1)}`).join('')}`;
  const rows = summary.operations.map((one) => row(one.operation, one));
  return `<table><tr><th><th>sent<th>failed<th>p50<th>p90<th>p99<th>p99.9<th>longest
${[...rows, row('all', summary)].join('\n')}</table>`;
}

function outcomes({ outcomes: counts, failed }: Summary): string {
  if (failed === 0) return '';
  const rows = Object.entries(counts).map(([outcome, count]) => `<tr><td>${escape(outcome)}<td>${count}`);
  return `<h2>Outcomes</h2>\n<table>${rows.join('\n')}</table>`;
}

const bySecond = ({ seconds }: Tally): Parameters<typeof svg>[0] => ({
  legend: {},
  grid: { left: 60, right: 60, bottom: 40 },
  xAxis: { type: 'category', name: 's', data: seconds.map((_, second) => second) },
  yAxis: [
    { type: 'value', name: 'requests' },
    { type: 'value', name: 'ms', splitLine: { show: false } },
  ],
  series: [
    {
      type: 'bar',
      stack: 'all',
      name: 'answered',
      data: seconds.map(({ sent, failed }) => sent - failed),
      color: '#9dc3e6',
    },
    { type: 'bar', stack: 'all', name: 'failed', data: seconds.map(({ failed }) => failed), color: '#b00020' },
    {
      type: 'line',
      yAxisIndex: 1,
      name: 'slowest',
      showSymbol: false,
      data: seconds.map(({ slowest }) => slowest),
      color: '#333',
    },
  ],
});

/** The axis stretches the last requests: each step is half of what is left, as HdrHistogram draws it. */
const byShare = ({ percentiles }: Tally): Parameters<typeof svg>[0] => ({
  grid: { left: 60, right: 60, bottom: 40 },
  xAxis: { type: 'category', name: '%', data: percentiles.map(([share]) => `${Number((share * 100).toFixed(3))}`) },
  yAxis: { type: 'value', name: 'ms' },
  series: [{ type: 'line', showSymbol: false, data: percentiles.map(([, ms]) => ms), color: '#1f4e79' }],
});

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '');
