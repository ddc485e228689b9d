import { Code, ServiceError, deadlineExceeded } from '@trellis/errors';
import { deadlineOf, timeLeft } from '@trellis/resilience';
import type { CallContext } from './call-context.js';
import type { CallOptions } from './rpc.js';

/** What holds for a call and all of its attempts. */
export interface Terms {
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly token?: string;
  readonly signal?: AbortSignal;
}

/** The call's own wishes, within what the call being served leaves: its deadline, its token, its end. */
export function termsOf(
  own: CallOptions,
  served: CallContext | undefined,
  { defaultTimeoutMs, now }: { readonly defaultTimeoutMs: number; readonly now: number },
): Terms {
  const token = own.token ?? served?.token;
  const signal = own.signal && served ? AbortSignal.any([own.signal, served.signal]) : (own.signal ?? served?.signal);
  return {
    deadline: deadlineOf({ own: own.deadline, inherited: served?.deadline, defaultTimeoutMs }, now),
    ...(token !== undefined && { token }),
    ...(signal && { signal }),
  };
}

/** Throws CANCELLED or DEADLINE_EXCEEDED when there is nothing left to call for. */
export function assertWanted({ deadline, signal }: Terms, now: number): void {
  if (signal?.aborted) throw cancelled();
  if (timeLeft(deadline, now) === 0) throw outOfTime();
}

export const cancelled = (cause?: unknown) => new ServiceError(Code.CANCELLED, 'The caller gave up', { cause });

export const outOfTime = (cause?: unknown) => deadlineExceeded('No answer came within the deadline', { cause });
