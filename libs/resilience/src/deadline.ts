/** Deadlines are points in time, in epoch milliseconds, so that waiting anywhere on the way uses them up by itself. */

/** What may limit a call. */
export interface Limits {
  /** The deadline that the caller asked for. */
  readonly own?: number;
  /** The deadline of the call on whose behalf this one is made. */
  readonly inherited?: number;
  /** Milliseconds for a call that has neither. */
  readonly defaultTimeoutMs: number;
}

/** When the call ends at the latest. Asking for more time than the served call has left gives no more. */
export function deadlineOf({ own, inherited, defaultTimeoutMs }: Limits, now: number): number {
  if (own === undefined && inherited === undefined) return now + defaultTimeoutMs;
  return Math.min(own ?? Infinity, inherited ?? Infinity);
}

/** Milliseconds left, never below zero. */
export function timeLeft(deadline: number, now: number): number {
  return Math.max(0, deadline - now);
}
