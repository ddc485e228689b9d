import { setImmediate as turn } from 'node:timers/promises';
import type { Bench, Row } from '../report.js';
import { TABLES } from './tables.js';
import { SUBJECTS } from './subjects.js';

/** Different paths in a round: more than the caches of a look-up could remember. */
const PATHS = 8_192;
const ROUNDS_TO_WARM_UP = 20;

/**
 * CPU of one look-up of a path that it has not seen as a string before its round, with the values of its variables taken
 * out. The best of interleaved slices, less what the loop itself takes.
 */
export const bench: Bench = async ({ say, quick }) => {
  const slices = quick ? 10 : 60;
  const loops = TABLES.flatMap(({ name, routes, asks }) => {
    const paths = Array.from({ length: PATHS }, (_, index) => flat(asks(index)));
    return SUBJECTS.map(({ subject, prepare }) => ({ name, subject, lookUp: prepare(routes), paths, best: Infinity }));
  });
  const idle = { name: '', subject: '', lookUp: () => 1, paths: loops[0]?.paths ?? [], best: Infinity };
  say('warming up');
  for (const loop of [...loops, idle]) for (let round = 0; round < ROUNDS_TO_WARM_UP; round++) cpuOf(loop);
  for (let slice = 1; slice <= slices; slice++) {
    say(`slice ${slice} of ${slices}`);
    for (const loop of [...loops, idle]) loop.best = Math.min(loop.best, cpuOf(loop));
    await turn(); // lets the progress show
  }
  const rows = loops.map(({ name, subject, best }): Row => {
    return { case: name, subject, metric: 'cpu', value: best - idle.best, unit: 'µs' };
  });
  return {
    rows,
    notes: ['find-my-way decodes the values that it captures; ours are decoded when the request is read.'],
  };
};

/** Microseconds of one look-up. */
function cpuOf({ lookUp, paths }: { lookUp: (path: string) => number; paths: readonly string[] }): number {
  const rounds = 8;
  let found = 0;
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) for (const path of paths) found += lookUp(path);
  const { user, system } = process.cpuUsage(before);
  if (found === 0) throw new Error('nothing was found');
  return (user + system) / (rounds * paths.length);
}

/** As an HTTP parser makes it, in one piece. */
const flat = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');
