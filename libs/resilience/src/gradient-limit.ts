export interface GradientLimitOptions {
  /** Calls at once that are always let in. */
  readonly min?: number;
  readonly max?: number;
  /** Where it starts, before anything is known. */
  readonly initial?: number;
}

/** How many calls a process takes at once, found out from how long they take. */
export interface GradientLimit {
  /** Whether the call is let in. Each one let in must be released. */
  acquire(now: number): boolean;
  /**
   * A call has ended.
   *
   * @param kind calls that take about as long: a method. From a bounded set.
   * @param ok false when it was not answered in full (an error, a deadline): then it would have taken at least that long
   */
  release(kind: string, latencyMs: number, ok: boolean, now: number): void;
  readonly limit: number;
  readonly inFlight: number;
}

export function gradientLimit({ initial = 100 }: GradientLimitOptions = {}, _random: () => number): GradientLimit {
  let inFlight = 0;
  return {
    acquire: () => {
      if (inFlight >= initial) return false;
      inFlight += 1;
      return true;
    },
    release: () => {
      inFlight -= 1;
    },
    limit: initial,
    get inFlight() {
      return inFlight;
    },
  };
}
