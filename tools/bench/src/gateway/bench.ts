import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inheritedEnv } from '@trellis/launch';
import { OwnRegistry } from '../own-registry.js';
import { Pinned, canPin } from '../pinned.js';
import type { Bench, Row } from '../report.js';
import type { Backends, BackendsOptions } from './backends.js';
import { Contender, RATE } from './contender.js';
import { createIssuer } from './issuer.js';
import { LoadProcess } from './load-process.js';
import { MANY, packageOf } from './many-routes.js';
import { CONNECTIONS } from './orders.js';
import { subjects } from './subjects.js';

/** Milliseconds of each part. The warm-up is for the compilers. */
const SIZES = {
  full: { warmUp: 2_000, slice: 1_000, slices: 7, pace: 1_000, paces: 3 },
  quick: { warmUp: 300, slice: 200, slices: 2, pace: 300, paces: 1 },
};

const PLATFORM = { gateway: [], blog: ['trellis.blog.v1'], posts: [] };

/** What a request costs each gateway, and how long it takes. */
export const bench: Bench = async ({ say, quick, only }) => {
  const size = SIZES[quick ? 'quick' : 'full'];
  const folder = mkdtempSync(join(tmpdir(), 'trellis-bench-'));
  say('starting the registries');
  const [registry, large] = await Promise.all([
    OwnRegistry.start(PLATFORM),
    OwnRegistry.start({ ...PLATFORM, ...Object.fromEntries(MANY.map((service) => [service, [packageOf(service)]])) }),
  ]);
  const load = new LoadProcess();
  const contenders: Contender[] = [];
  const notes: string[] = [];
  const { issuer, token } = createIssuer();
  const backendsOptions: BackendsOptions = {
    keys: issuer.keys,
    registries: [registry, large].map((each) => ({ blog: each.access('blog'), posts: each.access('posts') })),
    many: Object.fromEntries(MANY.map((service) => [service, large.access(service)])),
  };
  const behind = new Pinned(
    'load',
    [join(import.meta.dirname, 'backends.js'), JSON.stringify(backendsOptions)],
    inheritedEnv(),
  );
  try {
    const backends = await behind.hear<Backends, 'backends'>('backends', 60_000);
    const found = subjects({ registry, large, say, missing: (why) => notes.push(`Left out: ${why}`) });
    for (const subject of found.filter(({ name }) => only === undefined || only.includes(name))) {
      say(`starting ${subject.name}`);
      const running = await subject.start({ backends, token, issuer, folder });
      const contender = new Contender(subject, running, token, load);
      const fault = await contender.tryOut();
      if (fault === undefined) contenders.push(contender);
      else {
        notes.push(`Left out: ${subject.name} for ${subject.cases.join(', ')}, which answers: ${fault}`);
        await contender.kill();
      }
    }
    for (const contender of contenders) {
      say(`warming up ${contender.subject.name}`);
      await contender.warmUp(size.warmUp);
    }
    for (let round = 1; round <= size.slices; round++) {
      say(`at saturation, round ${round} of ${size.slices}`);
      for (const contender of contenders) await contender.saturate(size.slice);
    }
    for (let round = 1; round <= size.paces; round++) {
      say(`at ${RATE} requests a second, round ${round} of ${size.paces}`);
      for (const contender of contenders) await contender.pace(size.pace);
    }
  } finally {
    await Promise.all([load.kill(), behind.kill(), ...contenders.map((contender) => contender.kill())]);
    await Promise.all([registry.end(), large.end()]);
    rmSync(folder, { recursive: true, force: true });
  }
  for (const { subject, fault } of contenders) {
    if (fault !== undefined) notes.push(`NOT VALID: ${subject.name} gave wrong answers, the first: ${fault}`);
  }
  return { rows: rowsOf(contenders), notes: [...about(), ...notes] };
};

/** In the order of the table. */
const CASES = ['rest-grpc', 'http-http', 'routes-1', 'routes-1000'];
/** The yardsticks. */
const RATIOS = ['nginx', 'nestjs'];

function rowsOf(contenders: readonly Contender[]): Row[] {
  const cases = CASES.filter((on) => contenders.some(({ subject }) => subject.cases.includes(on)));
  return cases.flatMap((on) => {
    const here = contenders.filter(({ subject }) => subject.cases.includes(on));
    return here.flatMap((contender) => {
      const ratios = RATIOS.flatMap((name) => {
        const other = here.find(({ subject }) => subject.name === name);
        const value = other ? contender.cpu / other.cpu : NaN;
        const row = { case: on, subject: contender.subject.name, metric: `÷ ${name}`, value, unit: '' };
        return other ? [row] : [];
      });
      const [cpu, ...rest] = contender.rows(on);
      return cpu ? [cpu, ...ratios, ...rest] : [];
    });
  });
}

const about = (): string[] => [
  `cpu: of the process with all its threads, per request, at saturation over ${CONNECTIONS} connections; the median of interleaved ` +
    'slices. busy: of its core, worked or waiting for it.',
  `p50, p99: at ${RATE} requests a second, from when a request was due.`,
  canPin
    ? 'The subject is pinned to one core, load and backends to the others.'
    : 'Not pinned: taskset or a second core is missing.',
];
