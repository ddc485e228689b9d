import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { report } from './report.js';
import { lastLines } from './live.js';
import { Tally } from './tally.js';

const ended = fc.record({
  at: fc.nat(5_000),
  latency: fc.double({ min: 0, max: 60_000, noNaN: true }),
  outcome: fc.constantFrom('ok', 'HTTP 503', 'ECONNRESET'),
  operation: fc.constantFrom('read', 'list'),
});

describe('a tally', () => {
  it('loses nothing: by outcome, by operation and by second it is the same number', () => {
    fc.assert(
      fc.property(fc.array(ended), (all) => {
        const tally = new Tally();
        all.forEach(tally.add);
        const { sent, failed, outcomes, operations } = tally.summary;
        const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
        expect(sent).toBe(all.length);
        expect(sum(Object.values(outcomes))).toBe(sent);
        expect(sum(operations.map((one) => one.sent))).toBe(sent);
        expect(sum(tally.seconds.map((one) => one.sent))).toBe(sent);
        expect(sum(tally.seconds.map((one) => one.failed))).toBe(failed);
        expect(failed).toBe(all.filter(({ outcome }) => outcome !== 'ok').length);
      }),
    );
  });

  it('knows latencies to three digits, whatever their size', () => {
    const tally = new Tally();
    for (let ms = 1; ms <= 1_000; ms += 1) tally.add({ at: 0, latency: ms, outcome: 'ok', operation: 'read' });
    const { p50, p99, max } = tally.summary;
    for (const [value, wanted] of [
      [p50, 500],
      [p99, 990],
      [max, 1_000],
    ] as const) {
      expect(Math.abs(value - wanted) / wanted).toBeLessThan(0.001);
    }
  });

  it('becomes a page that needs no other file, with what was told by others made harmless', () => {
    const tally = new Tally();
    tally.add({ at: 0, latency: 2, outcome: '<script>alert(1)</script>', operation: 'read' });
    tally.add({ at: 1_500, latency: 3, outcome: 'ok', operation: 'read' });
    const page = report(tally, { title: 'mixed at 1/s', began: new Date(0) });
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page).not.toMatch(/<script|<link|src=|href="http/);
    expect(page).toContain('1 of 2 failed');
    expect(page).toContain('&lt;script&gt;');
    expect(lastLines(tally)).toContain('1 of 2 failed');
  });
});
