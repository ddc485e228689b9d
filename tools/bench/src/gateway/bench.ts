import type { Bench } from '../report.js';
import { cpuChart } from './chart.js';
import { Contender } from './contender.js';
import { notesOn, rowsOf } from './figures.js';
import { profiles } from './profile.js';
import { Stage } from './stage.js';
import type { Subject } from './subject.js';
import { subjects } from './subjects.js';

/** Milliseconds of each part. The warm-up is for the compilers. */
const SIZES = {
  full: { warmUp: 2_000, slice: 1_000, slices: 7, pace: 1_000, paces: 3 },
  quick: { warmUp: 300, slice: 200, slices: 2, pace: 300, paces: 1 },
};

/** What a request costs each gateway, and how long it takes. */
export const bench: Bench = async ({ say, quick, only, profile = false }) => {
  const stage = await Stage.set(say);
  const contenders: Contender[] = [];
  try {
    const wanted = subjects(stage.registry, stage.large).filter(({ name }) => only?.includes(name) ?? true);
    const missing = await enter(stage, wanted, contenders, say);
    await measure(contenders, SIZES[quick ? 'quick' : 'full'], say);
    const taken = profile ? await profiles(stage, say) : { notes: [], files: {} };
    const rows = rowsOf(contenders);
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
  for (const contender of contenders) await contender.warmUp(warmUp);
  for (let round = 1; round <= slices; round++) {
    say(`at saturation, round ${round} of ${slices}`);
    for (const contender of contenders) await contender.saturate(slice);
  }
  for (let round = 1; round <= paces; round++) {
    say(`at a fixed rate, round ${round} of ${paces}`);
    for (const contender of contenders) await contender.pace(pace);
  }
}
