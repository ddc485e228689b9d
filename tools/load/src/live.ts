import pc from 'picocolors';
import type { Tally } from './tally.js';

/** The state of a load in a few lines: what came of it so far, and in its last whole second. */
export function liveLines(tally: Tally, seconds: number): string {
  const { sent, failed, p50, p99, max } = tally.summary;
  const last = tally.seconds.at(-2);
  const failures = failed === 0 ? pc.green('0 failed') : pc.red(`${failed} failed`);
  return [
    `${Math.min(tally.seconds.length, seconds)} of ${seconds} s   ${sent} answered, ${failures}   ${last?.sent ?? 0}/s`,
    `p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms   longest ${max.toFixed(0)} ms`,
  ].join('\n');
}

/** The last word: a line for each operation, and each kind of failure. */
export function lastLines(tally: Tally): string {
  const { operations, outcomes, sent, failed } = tally.summary;
  const width = Math.max(...operations.map(({ operation }) => operation.length), 3);
  const lines = [...operations, { operation: 'all', ...tally.summary }].map(
    (one) =>
      `${one.operation.padEnd(width)}  ${String(one.sent).padStart(7)} sent  ${String(one.failed).padStart(5)} failed  ` +
      `p50 ${one.p50.toFixed(1)}  p90 ${one.p90.toFixed(1)}  p99 ${one.p99.toFixed(1)}  longest ${one.max.toFixed(0)} ms`,
  );
  const kinds = Object.entries(outcomes).filter(([outcome]) => outcome !== 'ok');
  return [
    ...lines,
    ...kinds.map(([outcome, count]) => pc.red(`${count} × ${outcome}`)),
    failed === 0 ? pc.green(`0 of ${sent} failed`) : pc.red(`${failed} of ${sent} failed`),
  ].join('\n');
}
