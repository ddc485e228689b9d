import type { Row } from '../report.js';
import { Contender, median } from './contender.js';
import type { Stage } from './stage.js';
import { POLICIES, trellis } from './trellis.js';

/** Milliseconds of each part; each number of routes has so many slices. */
export interface RoutesSize {
  readonly warmUp: number;
  readonly slice: number;
  readonly slices: number;
}

const NUMBERS = [1, 1_000] as const;

const hostWith = (routes: number): string => `with-${routes}.example`;

/** Routes of one host, none of which the load asks for. */
function routesOf(many: number): string {
  const route = (_: unknown, n: number): string =>
    `  - { hosts: [${hostWith(many)}], path: '/v1/many-${n}/{id}', methods: [GET], call: trellis.blog.v1.BlogService/GetPost }\n`;
  return Array.from({ length: many }, route).join('');
}

/**
 * What 1,000 routes of a host cost more than one, for requests that pass them all by and take a contract's. Two processes of
 * one program differ by more than the 2 % that are to be seen, and so does one process before and after it learns more: it is one
 * process that has both hosts, asked for the one and the other in short turns. Neighbouring slices are compared: the
 * machine is as fast in both.
 */
export async function routesRows(stage: Stage, { warmUp, slice, slices }: RoutesSize): Promise<Row[]> {
  const { registry, surroundings, load } = stage;
  const file = `${POLICIES}routes:\n${NUMBERS.map(routesOf).join('')}`;
  const subject = trellis({ cases: [], registry: registry.access('gateway'), file });
  const gateway = await subject.start(surroundings);
  const asked = (routes: number): Promise<Contender> =>
    Contender.tried(subject, { ...gateway, host: hostWith(routes) }, surroundings.token, load);
  try {
    const [one, thousand] = await Promise.all([asked(NUMBERS[0]), asked(NUMBERS[1])]);
    for (const contender of [one, thousand]) await contender.warmUp(warmUp / 2);
    for (let round = 0; round < slices; round++) {
      for (const contender of round % 2 ? [thousand, one] : [one, thousand]) await contender.saturate(slice);
    }
    const costs = one.costs;
    const ratio = median(thousand.costs.map((cost, n) => cost / (costs[n] ?? NaN)));
    const row = { subject: subject.name, metric: 'cpu', unit: 'µs' };
    return [
      { ...row, case: 'routes-1', value: one.cpu },
      { ...row, case: 'routes-1', metric: 'errors', value: one.errors, unit: '' },
      { ...row, case: 'routes-1000', value: thousand.cpu },
      { ...row, case: 'routes-1000', metric: '÷ routes-1', value: ratio, unit: '' },
      { ...row, case: 'routes-1000', metric: 'errors', value: thousand.errors, unit: '' },
    ];
  } finally {
    await gateway.process.kill();
  }
}
