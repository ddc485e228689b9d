/** A clock that moves only when a test says so. Milliseconds, starting at a fixed date. */
export class ManualClock {
  #now: number;

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  /** Bound, so that it can be passed on as a function. */
  readonly now = (): number => this.#now;

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
