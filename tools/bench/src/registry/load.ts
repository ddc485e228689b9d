import { join } from 'node:path';
import { inheritedEnv } from '@trellis/launch';
import type { SessionsReport, Target, WatchersReport } from './orders.js';
import { Pinned } from '../pinned.js';

/** Milliseconds for anything that is asked of a load generator. */
const WITHIN = 60_000;

const start = (file: string): Pinned => new Pinned('load', [join(import.meta.dirname, file)], inheritedEnv());

/** The process that holds all sessions. */
export class SessionsLoad {
  readonly #process = start('sessions-load.js');

  async open(target: Target, sessions: number): Promise<void> {
    this.#process.send({ kind: 'open', target, sessions });
    await this.#process.hear<SessionsReport, 'all-listed'>('all-listed', WITHIN);
  }

  /** Makes changes of state and returns when each was made. */
  async change(times: number): Promise<readonly number[]> {
    this.#process.send({ kind: 'change', times });
    return (await this.#process.hear<SessionsReport, 'changed'>('changed', WITHIN)).at;
  }

  /** What happened since the last time. */
  async count() {
    this.#process.send({ kind: 'count' });
    return this.#process.hear<SessionsReport, 'counted'>('counted', WITHIN);
  }

  kill(): Promise<void> {
    return this.#process.kill();
  }
}

/** The process that holds all watchers. */
export class WatchersLoad {
  readonly #process = start('watchers-load.js');

  async open(target: Target, watchers: number): Promise<void> {
    this.#process.send({ kind: 'open', target, watchers });
    await this.#process.hear<WatchersReport, 'all-watching'>('all-watching', WITHIN);
  }

  /** By revision: how many watchers it has reached since the last time, and when the last one. */
  async arrivals() {
    this.#process.send({ kind: 'arrivals' });
    const { revisions } = await this.#process.hear<WatchersReport, 'arrived'>('arrived', WITHIN);
    return revisions.toSorted((a, b) => a.revision - b.revision);
  }

  kill(): Promise<void> {
    return this.#process.kill();
  }
}
