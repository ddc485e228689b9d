/** How finely time is cut: twenty slices keep both counts below within 5 % of the exact window. */
const SLICES = 20;

/**
 * Counts in a window that moves with time, in slices, so that memory does not grow with traffic. A slice is in or out as a
 * whole, therefore it counts twice: too little and too much. Whoever must keep a promise takes the side that is safe.
 */
export class RollingCount {
  readonly #sliceMs: number;
  readonly #counts = new Float64Array(SLICES + 1);
  #newest = -Infinity;
  #sum = 0;

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / SLICES;
  }

  add(now: number): void {
    const slot = this.#advance(now) % this.#counts.length;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
    this.#sum += 1;
  }

  /** Everything counted here happened within the window. */
  atLeast(now: number): number {
    const oldest = (this.#advance(now) + 1) % this.#counts.length;
    return this.atMost(now) - (this.#counts[oldest] ?? 0);
  }

  /** Nothing that happened within the window is missing. */
  atMost(now: number): number {
    this.#advance(now);
    return this.#sum;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#sum = 0;
  }

  /** Number of the newest slice. A clock that goes back adds to the newest one. */
  #advance(now: number): number {
    const slice = Math.max(Math.floor(now / this.#sliceMs), this.#newest);
    const gone = Math.min(slice - this.#newest, this.#counts.length);
    for (let step = 0; step < gone; step++) {
      const slot = (slice - step) % this.#counts.length;
      this.#sum -= this.#counts[slot] ?? 0;
      this.#counts[slot] = 0;
    }
    this.#newest = slice;
    return slice;
  }
}
