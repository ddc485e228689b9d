import { Code, ServiceError, deadlineExceeded } from '@trellis/errors';
import { deadlineOf, timeLeft } from '@trellis/resilience';
import type { CallContext } from './call-context.js';
import { type CancelSignal, eitherOf } from './cancellation.js';
import type { CallOptions } from './rpc.js';
import { AttemptFailure } from './transport.js';

/** What holds for a call and all of its attempts. */
export interface Terms {
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly token: string | undefined;
  readonly signal: CancelSignal | undefined;
}

export interface Limits {
  /** Milliseconds for a call that nobody has limited, where the policy does not say. */
  readonly defaultTimeoutMs: number;
  /** Milliseconds that the policy gives at most. */
  readonly timeout: number | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The call's own wishes, within what the call being served leaves: its deadline, its token, its end. */
export function termsOf(
  own: CallOptions,
  served: CallContext | undefined,
  { defaultTimeoutMs, timeout, now }: Limits,
): Terms {
  const limits = { own: own.deadline, inherited: served?.deadline, defaultTimeoutMs: timeout ?? defaultTimeoutMs };
  return {
    deadline: Math.min(deadlineOf(limits, now), now + (timeout ?? Infinity)),
    token: own.token ?? served?.token,
    signal: own.signal && served ? eitherOf(own.signal, served.signal) : (own.signal ?? served?.signal),
  };
}

/** What a timer can hold; one that is set for longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Milliseconds until the deadline, for a timer. */
export const timerTo = (deadline: number, now: number): number => Math.min(timeLeft(deadline, now), LONGEST_TIMER_MS);

/** What a caller gets to see of a failed attempt. */
export const errorOf = (failure: unknown): ServiceError =>
  ServiceError.from(failure instanceof AttemptFailure ? failure.error : failure);

export const cancelled = (cause?: unknown) => new ServiceError(Code.CANCELLED, 'The caller gave up', { cause });

export const outOfTime = (cause?: unknown) => deadlineExceeded('No answer came within the deadline', { cause });
