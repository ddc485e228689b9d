import { type Endpoint, STRATEGY_NAMES, createPool } from '@trellis/balancing';
import type { Row } from '../report.js';

interface Member {
  readonly id: string;
  readonly weight: number;
  readonly zone: string;
}

const SIZES = [10, 1_000];
const WARM_UP = 50_000;

/** CPU of a pick, and of everything that a call costs the balancer: pick, begin, end. The best of interleaved slices. */
export function pickCosts(quick: boolean): readonly Row[] {
  const slices = quick ? 3 : 10;
  const loops = SIZES.flatMap((size) => STRATEGY_NAMES.map((name) => ({ size, name, ...loopsOver(name, size) })));
  const best = new Map<string, number>();
  for (const { pick, call } of loops) [pick, call].forEach((loop) => loop(WARM_UP));
  for (let slice = 0; slice < slices; slice++) {
    for (const { size, name, pick, call } of loops) {
      for (const [metric, loop] of Object.entries({ cpu: pick, 'cpu-call': call })) {
        const key = `pick-${size} ${name} ${metric}`;
        best.set(key, Math.min(best.get(key) ?? Infinity, cpuOf(loop, quick ? 50_000 : 200_000)));
      }
    }
  }
  return [...best].map(([key, value]) => {
    const [situation = '', subject = '', metric = ''] = key.split(' ');
    return { case: situation, subject, metric, value, unit: 'µs' };
  });
}

type Loop = (times: number) => void;

/** A pool in use: one call of each instance is out, weights differ, time passes. */
function loopsOver(strategy: (typeof STRATEGY_NAMES)[number], size: number): { pick: Loop; call: Loop } {
  const pool = createPool<Member>({ strategy, random: Math.random });
  pool.update(
    Array.from({ length: size }, (_, index) => ({ id: `instance-${index}`, weight: 1 + (index % 3), zone: '' })),
    0,
  );
  for (const endpoint of pool.endpoints) pool.begin(endpoint, 0);
  const untried: readonly Endpoint<Member>[] = [];
  let now = 0;
  return {
    pick(times) {
      for (let i = 0; i < times; i++) pool.pick((now += 0.01), untried, i);
    },
    call(times) {
      for (let i = 0; i < times; i++) {
        const endpoint = pool.pick((now += 0.01), untried, i);
        if (!endpoint) continue;
        pool.begin(endpoint, now);
        pool.end(endpoint, 'ok', 5 + (i % 7), now);
      }
    },
  };
}

/** Microseconds of one round. */
function cpuOf(loop: Loop, times: number): number {
  const before = process.cpuUsage();
  loop(times);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}
