import type { Row } from '../report.js';
import type { Case } from './cases.js';
import { type Course, type Outcome, TIMEOUT_MS } from './run-case.js';

/** The rows of one course. What they mean is said in NOTES. */
export function figuresOf(situation: Case, subject: string, { outcomes, instances }: Course): readonly Row[] {
  const row = (metric: string, value: number, unit: string): Row => ({
    case: situation.name,
    subject,
    metric,
    value,
    unit,
  });
  const latencies = waitsOf(outcomes);
  const healthy = instances.filter(({ id }) => id !== situation.odd);
  const errors = outcomes.filter(({ result }) => result !== 'ok').length;
  const counted = outcomes.filter(({ at }) => at >= (situation.oddFrom ?? 0) * 1_000);
  return [
    row('p50', quantile(latencies, 0.5), 'ms'),
    row('p99', quantile(latencies, 0.99), 'ms'),
    row('max', latencies.at(-1) ?? 0, 'ms'),
    row('fairness', jain(healthy.map(({ received, capacity }) => received / capacity)), ''),
    row('errors', (100 * errors) / outcomes.length, '%'),
    ...(situation.odd
      ? [row('share', (100 * counted.filter(({ to }) => to?.id === situation.odd).length) / counted.length, '%')]
      : []),
  ];
}

export const NOTES = [
  'p50, p99, max: how long callers waited for good answers, and for those that never came: a timeout counts as one second.',
  'fairness: (Σx)² / (n · Σx²), Jain et al. 1984, of calls by capacity x of the n instances that nothing ails; 1 is even.',
  'errors: calls that failed, were refused or timed out. share: calls that the one ailing instance got.',
];

/** Sorted. */
export function waitsOf(outcomes: readonly Outcome[]): Float64Array {
  const waits = outcomes.filter(({ result, latency }) => result === 'ok' || latency >= TIMEOUT_MS);
  return Float64Array.from(waits, ({ latency }) => latency).sort();
}

export function quantile(sorted: Float64Array, q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

function jain(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return sum ** 2 / (values.length * values.reduce((total, value) => total + value ** 2, 0));
}
