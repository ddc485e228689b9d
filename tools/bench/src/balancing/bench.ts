import { setImmediate as turn } from 'node:timers/promises';
import { STRATEGY_NAMES } from '@trellis/balancing';
import type { Bench, Row } from '../report.js';
import { CASES, COLD_JOIN } from './cases.js';
import { joinChart, p99Chart } from './charts.js';
import { STEP_SECONDS, coldJoinLines } from './cold-join.js';
import { NOTES, figuresOf } from './figures.js';
import { pickCosts } from './pick-cost.js';
import { runCase } from './run-case.js';

/** A short run's part of a case: every story has been told by then. */
const QUICK_SECONDS = 8;

/** Seeded simulation of every strategy in every case, then the CPU that a pick takes on this machine. */
export const bench: Bench = async ({ say, quick }) => {
  const rows: Row[] = [];
  for (const situation of CASES) {
    say(situation.name);
    const seconds = quick ? Math.min(QUICK_SECONDS, situation.seconds) : situation.seconds;
    for (const strategy of STRATEGY_NAMES) {
      rows.push(...figuresOf(situation, strategy, runCase(situation, { strategy }, seconds)));
      await turn(); // lets the progress show
    }
  }
  const plots = {
    p99: p99Chart(rows),
    'cold-join': joinChart(coldJoinLines(COLD_JOIN), STEP_SECONDS, COLD_JOIN.oddFrom ?? 0),
  };
  say('the cost of a pick');
  rows.push(...pickCosts(quick));
  return { rows, notes: NOTES, plots };
};
