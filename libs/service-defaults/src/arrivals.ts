import { setTimeout as sleep } from 'node:timers/promises';

/** When calls came in, so that a service that leaves can see whether there are still callers who do not know. */
export class Arrivals {
  #last = -Infinity;

  note(): void {
    this.#last = performance.now();
  }

  /** Resolves when nothing has come in for `quietMs` from now on, or at the signal. */
  async quiet(quietMs: number, signal: AbortSignal): Promise<void> {
    const began = performance.now();
    while (!signal.aborted) {
      const left = Math.max(this.#last, began) + quietMs - performance.now();
      if (left <= 0) return;
      await sleep(left, undefined, { signal }).catch(() => undefined); // the signal ends the loop
    }
  }
}
