import { canPin } from '../pinned.js';
import type { Row } from '../report.js';
import { type Contender, RATE } from './contender.js';
import { CONNECTIONS } from './orders.js';

/** In the order of the table. */
const CASES = ['rest-grpc', 'http-http'];
/** What the others' CPU time is divided by. */
const YARDSTICKS = ['nginx', 'nestjs'];

export function rowsOf(contenders: readonly Contender[]): Row[] {
  return CASES.flatMap((on) => {
    const here = contenders.filter(({ subject }) => subject.cases.includes(on));
    return here.flatMap((contender) => {
      const [cpu, ...rest] = contender.rows(on);
      return cpu ? [cpu, ...ratios(cpu, here), ...rest] : [];
    });
  });
}

function ratios(cpu: Row, here: readonly Contender[]): Row[] {
  return YARDSTICKS.flatMap((name) => {
    const yardstick = here.find(({ subject }) => subject.name === name);
    return yardstick ? [{ ...cpu, metric: `÷ ${name}`, value: cpu.value / yardstick.cpu, unit: '' }] : [];
  });
}

/** Busy below this, the load was the limit and not the subject. */
const SATURATED = 95;

export function notesOn(contenders: readonly Contender[], rows: readonly Row[]): string[] {
  const faultOf = (row: Row): string =>
    contenders.find(({ subject }) => subject.name === row.subject && subject.cases.includes(row.case))?.fault ?? '';
  const yardstick = rows.find(({ subject, metric }) => subject === 'nginx' && metric === 'busy');
  return [
    `cpu: of the process with all its threads, per request, at saturation over ${CONNECTIONS} connections, a post of 300 B ` +
      'written and read in turn; the median of interleaved slices.',
    'busy: how much of its core it used or waited for. p50, p99: at ' +
      `${RATE} requests a second, from when a request was due.`,
    canPin
      ? 'The subject is pinned to one core, load and backends to the others.'
      : 'Not pinned: taskset or a second core is missing.',
    ...(yardstick && yardstick.value < SATURATED
      ? [
          'nginx was not saturated: the load had no more to give. It is a little dearer so, and what is divided by it smaller.',
        ]
      : []),
    ...rows
      .filter(({ metric, value }) => metric === 'errors' && value > 0)
      .map((row) => `NOT VALID: ${row.case} ${row.subject}, ${row.value} wrong answers. ${faultOf(row)}`),
  ];
}
