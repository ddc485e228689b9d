import { isDeepStrictEqual } from 'node:util';
import { SAMPLES } from './posts.js';
import { SUBJECTS, type Subject } from './subjects.js';

/** What the benchmark tells the process of a subject: do this for so many milliseconds. */
export interface Slice {
  readonly sample: keyof typeof SAMPLES;
  readonly direction: 'decode' | 'encode';
  readonly ms: number;
}

/** How that went: CPU time of the process in microseconds. */
export interface SliceResult {
  readonly cpu: number;
  readonly runs: number;
}

/** Runs between two looks at the clock. */
const BATCH = 200;

const [subject = ''] = process.argv.slice(2);
const prepare = SUBJECTS[subject as Subject];

const transcoders = Object.fromEntries(
  Object.entries(SAMPLES).map(([name, { type, json }]) => {
    const transcoder = prepare(type);
    const body = Buffer.from(json);
    const message = Buffer.from(transcoder.decode(body));
    // Whoever loses something would win time.
    const back: unknown = JSON.parse(Buffer.from(transcoder.encode(message)).toString());
    if (!isDeepStrictEqual(back, JSON.parse(json))) throw new Error(`${subject} changes ${name}`);
    return [name, { decode: () => transcoder.decode(body), encode: () => transcoder.encode(message) }];
  }),
);

function run({ sample, direction, ms }: Slice): SliceResult {
  const work = transcoders[sample]?.[direction];
  if (!work) throw new Error(`no sample ${sample}`);
  const before = process.cpuUsage();
  const end = performance.now() + ms;
  let runs = 0;
  for (; performance.now() < end; runs += BATCH) for (let count = 0; count < BATCH; count++) work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: user + system, runs };
}

process.on('message', (slice: Slice) => process.send?.(run(slice)));
process.on('disconnect', () => process.exit());
process.send?.('ready');
