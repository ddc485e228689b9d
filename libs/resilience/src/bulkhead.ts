export interface BulkheadOptions {
  /** Calls at once. */
  readonly limit: number;
  /** Calls that may wait for a place. 0 refuses at once. */
  readonly queue: number;
}

/**
 * Who may run, who waits, who is refused, so that one slow dependency cannot take every place of a process. It decides and
 * does nothing: the owner of a waiter runs it when `leave` hands it out, and withdraws it at its deadline.
 */
export interface Bulkhead<Waiter> {
  /** A waiter may wait until `deadline`, on the clock of `now`. */
  enter(waiter: Waiter, deadline: number, now: number): 'run' | 'wait' | 'reject';
  /** One that ran has ended. The answer runs now in its place; without one the place is free. First come, first served. */
  leave(now: number): Waiter | undefined;
  /** The waiter waits no more. False when it did not: it runs, or was dropped because its deadline had passed. */
  withdraw(waiter: Waiter): boolean;
  readonly running: number;
  readonly waiting: number;
}

export function bulkhead<Waiter>({ limit, queue }: BulkheadOptions): Bulkhead<Waiter> {
  let running = 0;
  const waiting = new Map<Waiter, number>();
  const dropLate = (now: number): void => {
    for (const [waiter, deadline] of waiting) if (deadline <= now) waiting.delete(waiter);
  };
  return {
    enter: (waiter, deadline, now) => {
      if (running < limit) {
        running += 1;
        return 'run';
      }
      if (deadline <= now) return 'reject';
      if (waiting.size >= queue) dropLate(now);
      if (waiting.size >= queue) return 'reject';
      waiting.set(waiter, deadline);
      return 'wait';
    },
    leave: (now) => {
      for (const [waiter, deadline] of waiting) {
        waiting.delete(waiter);
        if (deadline > now) return waiter;
      }
      running -= 1;
      return undefined;
    },
    withdraw: (waiter) => waiting.delete(waiter),
    get running() {
      return running;
    },
    get waiting() {
      return waiting.size;
    },
  };
}
