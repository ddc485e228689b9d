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

/**
 * When the call ends at the latest. Asking for more time than the served call has left gives no more. Infinity counts as
 * none: a stream may be served without end, a call made for it may not wait so.
 */
export function deadlineOf({ own = Infinity, inherited = Infinity, defaultTimeoutMs }: Limits, now: number): number {
  const asked = Math.min(own, inherited);
  return asked === Infinity ? now + defaultTimeoutMs : asked;
}

/** Milliseconds left, never below zero. */
export function timeLeft(deadline: number, now: number): number {
  return Math.max(0, deadline - now);
}
