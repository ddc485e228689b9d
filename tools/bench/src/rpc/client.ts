import { createHistogram } from 'node:perf_hooks';
import { CONCURRENT } from './echo-service.js';
import { SUBJECTS, type Subject, type Target } from './subjects.js';

/** What the benchmark tells a client process: call for so many milliseconds. */
export interface Slice {
  readonly ms: number;
}

/** How that went. Percentiles in milliseconds. */
export interface SliceResult {
  readonly calls: number;
  readonly p50: number;
  readonly p99: number;
}

const [subject = '', target = ''] = process.argv.slice(2);
const call = await SUBJECTS[subject as Subject](JSON.parse(target) as Target);

async function run({ ms }: Slice): Promise<SliceResult> {
  const latency = createHistogram();
  const end = performance.now() + ms;
  let calls = 0;
  async function callOnAndOn(): Promise<void> {
    for (let began = performance.now(); began < end; calls++) {
      await call();
      const ended = performance.now();
      latency.record(Math.max(1, Math.round((ended - began) * 1e6)));
      began = ended;
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT }, callOnAndOn));
  return { calls, p50: latency.percentile(50) / 1e6, p99: latency.percentile(99) / 1e6 };
}

process.on('message', (slice: Slice) => void run(slice).then((result) => process.send?.(result)));
process.on('disconnect', () => process.exit());
process.send?.('ready');
