/**
 * Time without the stretches in which the registry itself was stopped (SIGSTOP, a suspended machine) and heard nobody:
 * that silence is not the instances'. Their beats wait in its sockets. It notices by a tick that comes late. Pure, in
 * milliseconds.
 */
export class AwakeTime {
  readonly #tick: number;
  readonly #tolerance: number;
  #tickedAt: number | undefined;
  #slept = 0;
  /** When it last woke, in its own time. */
  wokeAt = -Infinity;

  constructor(tick: number, tolerance: number) {
    this.#tick = tick;
    this.#tolerance = tolerance;
  }

  at(now: number): number {
    const late = now - (this.#tickedAt ?? now) - this.#tick;
    if (late > this.#tolerance) {
      this.#slept += late;
      this.#tickedAt = now;
      this.wokeAt = now - this.#slept;
    }
    return now - this.#slept;
  }

  tick(now: number): number {
    const awake = this.at(now);
    this.#tickedAt = now;
    return awake;
  }
}
