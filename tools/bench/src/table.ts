import Table from 'cli-table3';
import pc from 'picocolors';
import type { Row } from './report.js';

/** A line for each case and subject, a column for each metric. */
export function table(rows: readonly Row[]): string {
  const metrics = [...new Set(rows.map(({ metric, unit }) => heading(metric, unit)))];
  const out = new Table({
    head: ['case', 'subject', ...metrics],
    colAligns: ['left', 'left', ...metrics.map(() => 'right' as const)],
    style: { head: [], border: pc.isColorSupported ? ['dim'] : [], compact: true },
  });
  for (const group of Map.groupBy(rows, (row) => `${row.case}\n${row.subject}`).values()) {
    const [{ case: name, subject } = { case: '', subject: '' }] = group;
    const values = new Map(group.map(({ metric, unit, value }) => [heading(metric, unit), number(value)]));
    out.push([name, subject, ...metrics.map((metric) => values.get(metric) ?? '')]);
  }
  return out.toString();
}

const heading = (metric: string, unit: string): string => (unit ? `${metric} (${unit})` : metric);

/** Three significant digits, and no exponent that a person would have to read. */
function number(value: number): string {
  if (value === 0 || Math.abs(value) >= 100) return value.toLocaleString('en', { maximumFractionDigits: 0 });
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
