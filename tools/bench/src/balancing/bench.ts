import { STRATEGY_NAMES } from '@trellis/balancing';
import type { Bench, Row } from '../report.js';
import { CASES } from './cases.js';
import { NOTES, figuresOf } from './figures.js';
import { pickCosts } from './pick-cost.js';
import { runCase } from './run-case.js';

export const bench: Bench = async ({ say, quick }) => {
  const rows: Row[] = [];
  for (const situation of CASES) {
    say(situation.name);
    for (const strategy of STRATEGY_NAMES) {
      const seconds = quick ? Math.min(10, situation.seconds) : situation.seconds;
      rows.push(...figuresOf(situation, strategy, runCase(situation, { strategy }, seconds)));
    }
  }
  say('pick cost');
  rows.push(...pickCosts(quick));
  return { rows, notes: NOTES };
};
