import { join } from 'node:path';
import { inheritedEnv } from '@trellis/launch';
import { Pinned } from '../pinned.js';
import type { Faults, LoadOrder, LoadReport, Paced, Saturated, Target } from './orders.js';

/** Milliseconds that a report may take beyond the order's own. */
const WITHIN = 30_000;

/** The process that sends requests, beside the backends. */
export class LoadProcess {
  readonly #process = new Pinned('load', [join(import.meta.dirname, 'load.js')], inheritedEnv());

  try(target: Target): Promise<Faults> {
    return this.#report({ kind: 'try', target }, 'tried', 0);
  }

  saturate(target: Target, ms: number): Promise<Saturated> {
    return this.#report({ kind: 'saturate', target, ms }, 'saturated', ms);
  }

  pace(target: Target, rate: number, ms: number): Promise<Paced> {
    return this.#report({ kind: 'pace', target, rate, ms }, 'paced', ms);
  }

  #report<Kind extends LoadReport['kind']>(order: LoadOrder, kind: Kind, ms: number) {
    this.#process.send(order);
    return this.#process.hear<LoadReport, Kind>(kind, ms + WITHIN);
  }

  kill(): Promise<void> {
    return this.#process.kill();
  }
}
