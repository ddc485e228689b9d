import type { Watcher } from './watcher.js';

/**
 * Telling watchers may take this share of the time in the long run: when thousands of instances come back, hearing them
 * comes first, and each watcher gets more at a time instead.
 */
const SHARE = 0.4;
/** Milliseconds at full speed after a quiet while: one change is told to some thousand watchers at once. */
const BURST = 100;
/** Milliseconds after which others get a turn. A longer one would let the queue of new connections run over. */
const SLICE = 4;

export interface FanOutOptions {
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  /** Calls back after the milliseconds, or after this turn of the event loop for 0. Returns the way to stop it. */
  readonly later: (run: () => void, milliseconds: number) => () => void;
}

/** Tells all watchers what changed: at once when there is little to tell, several changes together when there is much. */
export class FanOut {
  readonly #options: FanOutOptions;
  readonly #watchers = new Set<Watcher>();
  /** Those who have not been told of the latest change yet. */
  #round: Iterator<Watcher> | undefined;
  #again = false;
  #waiting: (() => void) | undefined;
  /** Milliseconds that may be spent. */
  #credit = BURST;
  #countedAt: number;

  constructor(options: FanOutOptions) {
    this.#options = options;
    this.#countedAt = options.now();
  }

  get size(): number {
    return this.#watchers.size;
  }

  /** Its first message is written with the next round. */
  add(watcher: Watcher): void {
    this.#watchers.add(watcher);
    this.changed();
  }

  remove(watcher: Watcher): void {
    this.#watchers.delete(watcher);
  }

  /** Something changed. */
  changed(): void {
    this.#again = true;
    this.#schedule();
  }

  stop(): void {
    this.#waiting?.();
    this.#waiting = undefined;
  }

  #schedule(): void {
    const debt = Math.max(0, -this.#credit);
    this.#waiting ??= this.#options.later(() => this.#slice(), debt / SHARE);
  }

  #slice(): void {
    const { now } = this.#options;
    this.#waiting = undefined;
    const began = now();
    this.#credit = Math.min(BURST, this.#credit + (began - this.#countedAt) * SHARE);
    let ended = began;
    while (ended - began < SLICE && this.#tellNext()) ended = now();
    this.#countedAt = began;
    this.#credit -= ended - began;
    if (this.#round || this.#again) this.#schedule();
  }

  /** False when the round is over. */
  #tellNext(): boolean {
    if (!this.#round) {
      if (!this.#again) return false;
      this.#again = false;
      this.#round = this.#watchers.values();
    }
    const { value, done } = this.#round.next();
    if (done) this.#round = undefined;
    else value.flush();
    return !done;
  }
}

export const laterInThisProcess: FanOutOptions['later'] = (run, milliseconds) => {
  if (milliseconds === 0) {
    const immediate = setImmediate(run);
    return () => clearImmediate(immediate);
  }
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};
