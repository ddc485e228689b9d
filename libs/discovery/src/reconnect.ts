import { setTimeout as sleep } from 'node:timers/promises';
import { Code, type ServiceError } from '@trellis/errors';
import { backoff, busyPause, refusalPause } from './backoff.js';
import type { Logger } from './logger.js';

/** How one connection went: whether it ever worked, and what ended it. */
export interface Outcome {
  readonly established: boolean;
  readonly error?: ServiceError;
}

export interface ReconnectOptions {
  /** What the connection is for, for the log: "watch". */
  readonly purpose: string;
  /** Holds one connection and resolves when it has ended, at the latest soon after the signal. Never rejects. */
  readonly connect: (signal: AbortSignal) => Promise<Outcome>;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly random: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly now?: () => number;
  /** Waits for so many milliseconds, or stops waiting at the signal. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** A connection that ends sooner has not ended a row of failures: a registry that drops who comes is not to be hurried. */
const STABLE_MS = 5_000;

/** Codes that the same attempt will get again until a person mends something. */
const REFUSALS: ReadonlySet<Code> = new Set([
  Code.UNAUTHENTICATED,
  Code.PERMISSION_DENIED,
  Code.INVALID_ARGUMENT,
  Code.FAILED_PRECONDITION, // the contract claims what another service has
  Code.ALREADY_EXISTS, // somebody else announces this id: two processes must not push each other out at full speed
  Code.UNIMPLEMENTED,
]);

/** Whether the registry has answered and said no. */
export const isRefusal = (error: ServiceError): boolean => REFUSALS.has(error.code);

/** Connects again and again, for ever, until the signal. Logs a loss once, not each attempt. */
export async function reconnect(options: ReconnectOptions): Promise<void> {
  const { purpose, connect, signal, logger, random, now = () => performance.now(), pause = wait } = options;
  let failures = 0;
  for (let first = true; !signal.aborted; first = false) {
    const since = now();
    const { established, error } = await connect(signal);
    if (signal.aborted) return;
    if (established && now() - since >= STABLE_MS) failures = 0;
    if (error && isRefusal(error)) {
      const { code, reason, message: detail } = error;
      logger.error({ code, reason, detail }, `registry refused the ${purpose}`);
    } else if (first || established) {
      logger.warn({ detail: error?.message }, `registry lost for the ${purpose}, trying again`);
    }
    await pause(pauseAfter(error, failures, random), signal);
    failures += 1;
  }
}

function pauseAfter(error: ServiceError | undefined, failures: number, random: () => number): number {
  if (error && isRefusal(error)) return refusalPause(random);
  const busy = error?.code === Code.RESOURCE_EXHAUSTED ? error.retryAfter : undefined;
  return busy === undefined ? backoff(failures, random) : busyPause(busy, random);
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
