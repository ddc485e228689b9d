import type { ServerUnaryCall } from '@grpc/grpc-js';
import { Code, ServiceError, deadlineExceeded } from '@trellis/errors';

/** How long a call may take. */
export interface TimeLeft {
  /** Epoch milliseconds. */
  readonly deadline: number;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
}

/** Milliseconds for a call that came without a deadline, the same that libs/rpc gives its own calls. */
const DEFAULT_MS = 5_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs for as long as the caller waits. Rejects with DEADLINE_EXCEEDED or CANCELLED as soon as nobody waits any more,
 * whatever `run` is doing: it is told through the signal, and its result is dropped.
 */
export function withinDeadline<T>(
  call: Pick<ServerUnaryCall<unknown, unknown>, 'getDeadline' | 'once' | 'off'>,
  run: (time: TimeLeft) => Promise<T>,
): Promise<T> {
  const asked = Number(call.getDeadline());
  const deadline = Number.isFinite(asked) ? asked : Date.now() + DEFAULT_MS;
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const forget = (): void => {
      clearTimeout(timer);
      call.off('cancelled', cancelled);
    };
    const giveUp = (error: ServiceError): void => {
      forget();
      reject(error);
      controller.abort(error);
    };
    const late = (): void => giveUp(deadlineExceeded('The service did not answer in time'));
    // grpc-js cancels a late call too, and its timer may be the first.
    const cancelled = (): void =>
      Date.now() >= deadline ? late() : giveUp(new ServiceError(Code.CANCELLED, 'The caller went away'));
    const timer = setTimeout(late, Math.min(Math.max(deadline - Date.now(), 0), LONGEST_TIMER_MS));
    call.once('cancelled', cancelled);
    void run({ deadline, signal: controller.signal }).then(resolve, reject).finally(forget);
  });
}
