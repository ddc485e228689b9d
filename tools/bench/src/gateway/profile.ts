import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, root } from '@trellis/launch';
import { Contender } from './contender.js';
import { connectInspector } from './inspector.js';
import type { Stage } from './stage.js';
import { HTTP_BASE } from './subjects.js';
import { trellis } from './trellis.js';

/** The part of a V8 CPU profile (`.cpuprofile`) that is read here. Times in microseconds. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: Frame;
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const WARM_UP_MS = 8_000;
const PROFILED_MS = 5_000;
const LISTED = 10;

const CASES = [
  { on: 'rest-grpc', base: '' },
  { on: 'http-http', base: HTTP_BASE },
];

/** A profile of our gateway under the load of each case, and where its time goes. */
export async function profiles(stage: Stage, say: (line: string) => void) {
  const notes: string[] = [];
  const files: Record<string, string> = {};
  for (const { on, base } of CASES) {
    say(`profiling ${on}`);
    const profile = await profileOf(stage, on, base);
    files[`${on}.cpuprofile`] = JSON.stringify(profile);
    notes.push(`Self time in ${on} by function, the ${LISTED} largest:`, ...largest(profile, place));
    notes.push(`Self time in ${on} by part, the ${LISTED} largest:`, ...largest(profile, part));
  }
  return { notes, files };
}

async function profileOf({ registry, surroundings, load }: Stage, on: string, base: string): Promise<CpuProfile> {
  const port = await freePort();
  const subject = trellis({
    cases: [on],
    base,
    registry: registry.access('gateway'),
    nodeOptions: [`--inspect=127.0.0.1:${port}`, '--inspect-publish-uid=http'],
  });
  const running = await subject.start(surroundings);
  try {
    const contender = await Contender.tried(subject, running, surroundings.token, load);
    await contender.warmUp(WARM_UP_MS);
    const inspector = await connectInspector(port);
    await inspector.send('Profiler.enable');
    await inspector.send('Profiler.start');
    await contender.saturate(PROFILED_MS);
    const { profile } = (await inspector.send('Profiler.stop')) as { readonly profile: CpuProfile };
    inspector.close();
    return profile;
  } finally {
    await running.process.kill();
  }
}

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** Such as `12.3 %  encode  libs/transcoding/dist/encode.js:41`. What is outside of JavaScript has no file. */
const place = ({ functionName, url, lineNumber }: Frame): string =>
  `${functionName || '(anonymous)'}  ${url === '' ? '' : `${shortened(url)}:${lineNumber + 1}`}`.trimEnd();

/** Such as `libs/rpc`, `node_modules/pino` and `node:http`; V8's own words for what has no file. */
function part({ functionName, url }: Frame): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'native functions';
  const [, found = shortened(url)] = /^(node_modules\/(?:@[^/]+\/)?[^/]+|[^/]+\/[^/]+)\//.exec(shortened(url)) ?? [];
  return found;
}

function largest({ nodes, samples, timeDeltas }: CpuProfile, nameOf: (frame: Frame) => string): string[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const self = new Map<string, number>();
  let total = 0;
  for (const [n, id] of samples.entries()) {
    const frame = frames.get(id);
    if (!frame || frame.functionName === '(idle)') continue;
    const time = timeDeltas[n] ?? 0;
    self.set(nameOf(frame), (self.get(nameOf(frame)) ?? 0) + time);
    total += time;
  }
  return [...self]
    .sort(([, a], [, b]) => b - a)
    .slice(0, LISTED)
    .map(([name, time]) => `${((100 * time) / total).toFixed(1).padStart(6)} %  ${name}`);
}

const shortened = (url: string): string => (url.startsWith('file:') ? relative(root, fileURLToPath(url)) : url);
