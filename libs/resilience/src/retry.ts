/**
 * How far a failed attempt got. `unsent`: provably never reached a server. `unknown`: it may have been carried out.
 * `final`: the server answered, the caller gave up, or the time is over.
 */
export type Outcome = 'unsent' | 'unknown' | 'final';

/** The first attempt and one more: with two instances one death is covered, and a failing service gets at most twice its load. */
const MAX_ATTEMPTS = 2;

export interface FailedAttempt {
  readonly outcome: Outcome;
  /** Which attempt it was, from 1. */
  readonly attempt: number;
  /** Whether the contract allows the call to be carried out twice. */
  readonly repeatable: boolean;
  /** Milliseconds until the deadline. */
  readonly timeLeft: number;
  /** How often the call is made at most. Two when absent. */
  readonly maxAttempts?: number;
}

/** Whether to try once more, on another instance. A write is never sent twice unless it provably never arrived. */
export function mayRetry({
  outcome,
  attempt,
  repeatable,
  timeLeft,
  maxAttempts = MAX_ATTEMPTS,
}: FailedAttempt): boolean {
  if (attempt >= maxAttempts || timeLeft <= 0) return false;
  return outcome === 'unsent' || (outcome === 'unknown' && repeatable);
}
