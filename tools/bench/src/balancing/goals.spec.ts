import { STRATEGY_NAMES, type StrategyName } from '@trellis/balancing';
import { describe, expect, it } from '@jest/globals';
import { CASES } from './cases.js';
import { figuresOf } from './figures.js';
import { runCase } from './run-case.js';

/** A figure of ten simulated seconds: the same in every run. */
function figure(caseName: string, strategy: StrategyName, metric: string): number {
  const situation = CASES.find(({ name }) => name === caseName);
  if (!situation) throw new Error(`there is no case ${caseName}`);
  const rows = figuresOf(situation, strategy, runCase(situation, { strategy }, 10));
  return rows.find((row) => row.metric === metric)?.value ?? NaN;
}

describe('in the simulation', () => {
  it('p99 beside a slow instance is at most half of round robin’s', () => {
    const roundRobin = figure('one-slow', 'round-robin', 'p99');
    expect(figure('one-slow', 'least-request', 'p99')).toBeLessThan(roundRobin / 2);
    expect(figure('one-slow', 'peak-ewma', 'p99')).toBeLessThan(roundRobin / 2);
  });

  it.each(STRATEGY_NAMES)('a fast-failing instance gets less than 2 % from %s', (strategy) => {
    expect(figure('fast-failing', strategy, 'share')).toBeLessThan(2);
  });

  it.each(STRATEGY_NAMES)('a frozen instance gets less than 2 % from %s two seconds later', (strategy) => {
    expect(figure('frozen', strategy, 'share')).toBeLessThan(2);
  });

  it('repeats', () => {
    expect(figure('pauses', 'peak-ewma', 'max')).toBe(figure('pauses', 'peak-ewma', 'max'));
  });
});
