import { setTimeout as sleep } from 'node:timers/promises';
import { Code, type ServiceError } from '@trellis/errors';
import { backoff, refusalPause } from './backoff.js';
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
}

/** Codes that the same attempt will get again until a person mends the configuration. */
const REFUSALS: ReadonlySet<Code> = new Set([
  Code.UNAUTHENTICATED,
  Code.PERMISSION_DENIED,
  Code.INVALID_ARGUMENT,
  Code.ALREADY_EXISTS, // somebody else announces this id: two processes must not push each other out at full speed
  Code.UNIMPLEMENTED,
]);

/** Whether the registry has answered and said no. */
export const isRefusal = (error: ServiceError): boolean => REFUSALS.has(error.code);

/** Connects again and again, for ever, until the signal. Logs a loss once, not each attempt. */
export async function reconnect({ purpose, connect, signal, logger, random }: ReconnectOptions): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const { established, error } = await connect(signal);
    if (signal.aborted) return;
    if (established) failures = 0;
    if (error && isRefusal(error)) {
      logger.error(
        { code: error.code, reason: error.reason, detail: error.message },
        `registry refused the ${purpose}`,
      );
      await pause(refusalPause(random), signal);
    } else {
      if (failures === 0) logger.warn({ detail: error?.message }, `registry lost for the ${purpose}, trying again`);
      await pause(backoff(failures, random), signal);
    }
    failures += 1;
  }
}

/** Waits, or stops waiting at the signal. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
