import { parentPort, workerData } from 'node:worker_threads';
import { monotonic } from '../clock.js';

/**
 * Says when requests are due. Node's timers know whole milliseconds only, which is longer than most answers take; a thread that
 * sleeps by itself and spins for the last bit is exact.
 */
export interface Beat {
  readonly rate: number;
  readonly ms: number;
}

const SPIN = 0.15;
const { rate, ms } = workerData as Beat;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
const begin = monotonic() + 10;

for (let n = 0; n < (ms / 1000) * rate; n++) {
  const due = begin + (n * 1000) / rate;
  const left = due - monotonic() - SPIN;
  if (left > 0) Atomics.wait(sleeper, 0, 0, left);
  while (monotonic() < due);
  parentPort?.postMessage(due);
}
