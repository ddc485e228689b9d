/** Calls whose plain mean is taken at first, and that one window can weigh at most. */
const FEW_CALLS = 50;
/** How long the mean takes to follow. A growing queue is told from calls that are slower by nature by growing faster. */
const LEARN_MS = 30_000;
/** What one call of a probe weighs: ten of them say nearly all. */
const PROBE_SHARE = 0.2;

/**
 * What one kind of call takes when the process is not busy. A mean and not the least: one answer from a cache would make every
 * ordinary call look slow (Netflix's Gradient2Limit gives the same reason).
 */
export class LatencyBaseline {
  #mean: number | undefined;
  #calls = 0;
  #window = { took: 0, calls: 0 };

  /** Milliseconds; those of the call itself while nothing is known. */
  of(latencyMs: number): number {
    return this.#mean ?? latencyMs;
  }

  /** A call has ended, and it is not known yet whether the process was busy. */
  count(latencyMs: number): void {
    this.#window.took += latencyMs;
    this.#window.calls += 1;
  }

  /** The window is over, in which the process was busy (what it took counts only while nothing else is known) or not. */
  closeWindow(durationMs: number, busy: boolean): void {
    const { took, calls } = this.#window;
    this.#window = { took: 0, calls: 0 };
    if (calls === 0 || (busy && this.#mean !== undefined)) return;
    this.#calls += calls;
    const moving = Math.min(1 - Math.exp(-durationMs / LEARN_MS), calls / FEW_CALLS);
    this.#move(took / calls, this.#calls <= FEW_CALLS ? calls / this.#calls : moving);
  }

  /** A call of a probe has ended, for which there was no queue. */
  probe(latencyMs: number): void {
    this.#move(latencyMs, PROBE_SHARE);
  }

  #move(latencyMs: number, share: number): void {
    const mean = this.of(latencyMs);
    this.#mean = mean + (latencyMs - mean) * share;
  }
}
