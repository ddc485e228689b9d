import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { cpuOf } from '../cpu.js';
import type { Bench, Row } from '../report.js';
import type { Slice, SliceResult } from './client.js';
import { OwnRegistry } from '../own-registry.js';
import type { Subject, Target } from './subjects.js';

/** Who is measured, under which name, and with which share of traces recorded. */
interface Contender {
  readonly case: string;
  readonly subject: Subject;
  readonly sampled?: 0 | 1;
}

const CONTENDERS: readonly Contender[] = [
  { case: 'unary', subject: 'trellis', sampled: 0 },
  { case: 'unary', subject: 'grpc-js' },
  { case: 'unary', subject: 'connect-node' },
  { case: 'unary', subject: 'transport' },
  { case: 'unary-recorded', subject: 'trellis', sampled: 1 },
];

/** One client process and what its slices gave. */
class Runner {
  readonly contender: Contender;
  readonly #process: ChildProcess;
  readonly #slices: (SliceResult & { readonly cpu: number; readonly ms: number })[] = [];

  constructor(contender: Contender, target: Target) {
    this.contender = contender;
    const { subject, sampled } = contender;
    this.#process = fork(join(import.meta.dirname, 'client.js'), [subject, JSON.stringify(target)], {
      execArgv: sampled === undefined ? [] : ['--import', '@trellis/telemetry/register'],
      env: { OTEL_SERVICE_NAME: 'bench', TRACE_SAMPLE_RATIO: String(sampled ?? 0) },
    });
  }

  async ready(): Promise<void> {
    await once(this.#process, 'message', { signal: AbortSignal.timeout(30_000) });
  }

  async run(slice: Slice): Promise<SliceResult & { cpu: number; ms: number }> {
    const { pid = 0 } = this.#process;
    const before = cpuOf(pid);
    this.#process.send(slice);
    const [result] = (await once(this.#process, 'message')) as [SliceResult];
    return { ...result, cpu: cpuOf(pid) - before, ms: slice.ms };
  }

  async measure(slice: Slice): Promise<void> {
    this.#slices.push(await this.run(slice));
  }

  rows(): Row[] {
    const { case: name, subject } = this.contender;
    const sum = (of: (slice: (typeof this.slices)[number]) => number): number =>
      this.#slices.reduce((total, slice) => total + of(slice), 0);
    const calls = sum((slice) => slice.calls);
    const row = (metric: string, value: number, unit: string): Row => ({ case: name, subject, metric, value, unit });
    return [
      row('cpu', sum(({ cpu }) => cpu) / calls, 'µs'),
      row('p50', median(this.#slices.map(({ p50 }) => p50)), 'ms'),
      row('p99', median(this.#slices.map(({ p99 }) => p99)), 'ms'),
      row('rate', (calls / sum(({ ms }) => ms)) * 1_000, 'calls/s'),
    ];
  }

  get slices() {
    return this.#slices;
  }

  end(): void {
    this.#process.disconnect();
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** What a call costs the process that makes it. */
export const bench: Bench = async ({ say, quick }) => {
  // The warm-up is for the compiler, which needs some ten thousand calls to be done.
  const [warmUp, slice, rounds] = quick ? [3_000, 500, 4] : [4_000, 1_000, 10];
  const registry = await OwnRegistry.start({ echo: ['bench.v1'] });
  const runners: Runner[] = [];
  let server: ChildProcess | undefined;
  try {
    const access = registry.access('echo');
    server = fork(join(import.meta.dirname, 'server.js'), [access.address, access.credential], { execArgv: [] });
    const [addresses] = (await once(server, 'message', { signal: AbortSignal.timeout(30_000) })) as [readonly string[]];
    for (const contender of CONTENDERS) runners.push(new Runner(contender, { addresses, registry: access }));
    for (const runner of runners) await runner.ready();
    for (const runner of runners) await runner.run({ ms: warmUp });
    for (let round = 1; round <= rounds; round++) {
      say(`round ${round} of ${rounds}`);
      for (const runner of runners) await runner.measure({ ms: slice });
    }
  } finally {
    for (const runner of runners) runner.end();
    server?.disconnect();
    await registry.end();
  }
  const rows = runners.flatMap((runner) => runner.rows());
  const cpu = (subject: string): number =>
    rows.find((row) => row.case === 'unary' && row.subject === subject && row.metric === 'cpu')?.value ?? NaN;
  return {
    rows,
    notes: [
      `32 calls at a time, 300 B each way, a token of 600 B, over 3 instances in one process; CPU is the client's alone.`,
      `trellis costs ${(cpu('trellis') / cpu('grpc-js')).toFixed(2)} of grpc-js. transport is trellis without balancing, policies, metrics and spans.`,
      `trellis: its list of instances from a registry, balancing, policies, deadline and metrics on, no trace recorded; in unary-recorded every call has its span (not exported).`,
    ],
  };
};
