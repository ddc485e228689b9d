import type { PoolOptions } from '@trellis/balancing';
import type { Case } from './cases.js';
import type { Line } from './charts.js';
import { quantile, waitsOf } from './figures.js';
import { runCase } from './run-case.js';

export const STEP_SECONDS = 0.5;

/** With and without help: what slow start does for a strategy that looks at nothing, and those that look by themselves. */
const SUBJECTS: Readonly<Record<string, Omit<PoolOptions, 'random'>>> = {
  'round-robin': { strategy: 'round-robin' },
  'round-robin, slow start of 10 s': { strategy: 'round-robin', slowStartMs: 10_000 },
  'least-request': { strategy: 'least-request' },
  'peak-ewma': { strategy: 'peak-ewma' },
};

/** The course of a case in steps: how long callers waited, and how much the odd one got. */
export function coldJoinLines(situation: Case): readonly Line[] {
  return Object.entries(SUBJECTS).map(([name, options]) => {
    const { outcomes } = runCase(situation, options);
    const steps = Map.groupBy(outcomes, ({ at }) => Math.floor(at / 1_000 / STEP_SECONDS));
    // Of the last second not all answers have come.
    const whole = Array.from({ length: (situation.seconds - 1) / STEP_SECONDS }, (_, step) => steps.get(step) ?? []);
    return {
      name,
      p99: whole.map((step) => quantile(waitsOf(step), 0.99)),
      share: whole.map((step) => (100 * step.filter(({ to }) => to?.id === situation.odd).length) / step.length),
    };
  });
}
