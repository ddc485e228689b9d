import type { Bench } from '../report.js';
import { cpuChart } from './chart.js';
import { Contender } from './contender.js';
import { notesOn, rowsOf } from './figures.js';
import { profiles } from './profile.js';
import { routesRows } from './routes.js';
import { Stage } from './stage.js';
import type { Subject } from './subject.js';
import { subjects } from './subjects.js';

/**
 * Milliseconds of each part. The warm-up, counted in CPU time, is for what is compiled while it runs: after 8 s gateways in
 * Node were still getting cheaper, by a third and more.
 */
const SIZES = {
  full: {
    warmUp: 12_000,
    slice: 1_000,
    slices: 6,
    pace: 1_000,
    paces: 2,
    routes: { warmUp: 12_000, slice: 200, slices: 120 },
  },
  quick: {
    warmUp: 300,
    slice: 200,
    slices: 2,
    pace: 300,
    paces: 1,
    routes: { warmUp: 300, slice: 200, slices: 2 },
  },
};
/** Of the others. */
const SHORT_WARM_UP = 300;

/** Milliseconds from the start after which there are no more rounds of a kind than there must be: on a machine that is busy. */
const LATEST = { slices: 240_000, paces: 280_000 };
const LEAST_SLICES = 3;

/** What a request costs each gateway, and how long it takes. */
export const bench: Bench = async ({ say, quick, only, profile = false }) => {
  const stage = await Stage.set(say);
  const contenders: Contender[] = [];
  try {
    const wanted = subjects(stage.registry).filter(({ name }) => only?.includes(name) ?? true);
    const missing = await enter(stage, wanted, contenders, say);
    const size = SIZES[quick ? 'quick' : 'full'];
    await measure(contenders, size, say);
    say('with 1,000 routes');
    const routes = (only?.includes('trellis') ?? true) ? await routesRows(stage, size.routes) : [];
    const taken = profile ? await profiles(stage, say) : { notes: [], files: {} };
    const rows = [...rowsOf(contenders), ...routes];
    return {
      rows,
      notes: [...notesOn(contenders, rows), ...missing, ...taken.notes],
      plots: { cpu: cpuChart(rows) },
      files: taken.files,
    };
  } finally {
    await Promise.all(contenders.map((contender) => contender.kill()));
    await stage.clear();
  }
};

/** Starts them one after the other. Returns who is missing, and why. */
async function enter(
  { load, surroundings }: Stage,
  wanted: readonly Subject[],
  contenders: Contender[],
  say: (line: string) => void,
): Promise<string[]> {
  const missing = new Map<string, string[]>();
  for (const subject of wanted) {
    const name = `${subject.name} (${subject.cases.join(', ')})`;
    say(`starting ${name}`);
    try {
      const running = await subject.start(surroundings);
      contenders.push(await Contender.tried(subject, running, surroundings.token, load));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      missing.set(why, [...(missing.get(why) ?? []), name]);
    }
  }
  return [...missing].map(([why, names]) => `Left out: ${names.join(', ')}: ${why}`);
}

async function measure(
  contenders: readonly Contender[],
  { warmUp, slice, slices, pace, paces }: (typeof SIZES)['full'],
  say: (line: string) => void,
): Promise<void> {
  say('warming up');
  for (const contender of contenders) {
    await contender.warmUp(contender.subject.warmsUp ? warmUp : SHORT_WARM_UP);
  }
  for (let round = 1; round <= slices && (round <= LEAST_SLICES || performance.now() < LATEST.slices); round++) {
    say(`at saturation, round ${round} of ${slices}`);
    for (const contender of contenders) await contender.saturate(slice);
  }
  for (let round = 1; round <= paces && (round === 1 || performance.now() < LATEST.paces); round++) {
    say(`at a fixed rate, round ${round} of ${paces}`);
    for (const contender of contenders) await contender.pace(pace);
  }
}
