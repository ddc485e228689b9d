import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for milliseconds, or until the signal. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<unknown>;

/** Rejects at the signal, which whoever waits looks at himself. */
const untilAborted: Wait = (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined);

/** When calls came in, so that a service that has left can see whether there are callers who do not know it yet. */
export class Arrivals {
  #last = -Infinity;

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly wait = untilAborted,
  ) {}

  note(): void {
    this.#last = this.now();
  }

  /** Resolves when nothing has come in for so many milliseconds from now on, or at the signal. */
  async quiet(quietMs: number, signal: AbortSignal): Promise<void> {
    const began = this.now();
    while (!signal.aborted) {
      const left = Math.max(this.#last, began) + quietMs - this.now();
      if (left <= 0) return;
      await this.wait(left, signal);
    }
  }
}
