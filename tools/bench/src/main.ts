import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root, showProgress } from '@trellis/launch';
import { Command } from 'commander';
import pc from 'picocolors';
import type { Bench } from './report.js';
import { table } from './table.js';

/** A benchmark's name and where it is. Loaded only when it runs: rivals take long to load. */
const BENCHES: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  balancing: () => import('./balancing/bench.js'),
  gateway: () => import('./gateway/bench.js'),
  registry: () => import('./registry/bench.js'),
  routing: () => import('./routing/bench.js'),
  rpc: () => import('./rpc/bench.js'),
  transcoding: () => import('./transcoding/bench.js'),
};

const FOLDER = join(root, '.trellis/bench');

interface Choices {
  readonly quick: boolean;
  readonly only?: readonly string[];
  readonly profile: boolean;
  /** Folder that the figures are written to. */
  readonly out: string;
}

/** Runs one, prints its table and writes `.trellis/bench/NAME.json` and its pictures. */
async function run(name: string, { out, ...choices }: Choices): Promise<void> {
  const load = BENCHES[name];
  if (!load) throw new Error(`There is no benchmark ${name}. There are: ${Object.keys(BENCHES).join(', ')}`);
  const { bench } = await load();
  const progress = showProgress(`Measuring ${name}`);
  const {
    rows,
    notes = [],
    plots = {},
    files: others = {},
  } = await bench({ say: progress.say, ...choices }).finally(progress.end);
  mkdirSync(out, { recursive: true });
  const files: Record<string, string> = { [`${name}.json`]: `${JSON.stringify({ name, rows }, null, 2)}\n` };
  for (const [key, picture] of Object.entries(plots)) files[`${name}-${key}.svg`] = picture;
  for (const [key, text] of Object.entries(others)) files[`${name}-${key}`] = text;
  for (const [file, text] of Object.entries(files)) writeFileSync(join(out, file), text);
  console.log(table(rows));
  for (const note of notes) console.log(note);
  console.log(
    pc.dim(
      `Written: ${Object.keys(files)
        .map((file) => relative(root, join(out, file)))
        .join(', ')}`,
    ),
  );
}

const program = new Command('npm run bench --')
  .description(`Measures, side by side with rivals where there are any: ${Object.keys(BENCHES).join(', ')}.`)
  .argument('<name>', 'which benchmark')
  .option('--quick', 'a short run, less exact', false)
  .option('--only <subjects>', 'gateway: these subjects only, such as trellis,nginx', (names: string) =>
    names.split(','),
  )
  .option('--profile', 'gateway: take a CPU profile of ours under load, too', false)
  .option('--out <folder>', 'where the figures are written', FOLDER)
  .action(run);

// An exit, on which every process that a benchmark started is ended.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    console.error(`Ended by ${signal}`);
    process.exit(1);
  });
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
