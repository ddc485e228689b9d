import { backoff, mayRetry, timeLeft } from '@trellis/resilience';
import { codeName } from '@trellis/errors';
import type { Logger } from '@trellis/telemetry';
import { isNoInstance } from '../call-failures.js';
import { type AnyCall, type Flight, type Layer, hasOthers } from './flight.js';
import type { AttemptAt } from './one-attempt.js';
import { pause } from './pause.js';
import { AttemptFailure } from '../transport.js';
import { repeatability } from './verdict.js';

export interface RetryOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number;
  readonly random: () => number;
  readonly logger: Pick<Logger, 'debug'>;
}

/**
 * Tries again on another instance where contract and outcome allow it, as often as the policy says and as long as the
 * service's budget lasts. A call that never left goes on at once; one that an instance failed waits a little, at random.
 */
export function withRetries<Call extends AnyCall, Answer>(
  attempt: AttemptAt<Call, Answer>,
  { now, elapsed, random, logger }: RetryOptions,
): Layer<Call, Answer> {
  function again(flight: Flight<Call>, failure: AttemptFailure): boolean {
    const { method, tried, repeatable, terms } = flight;
    const outcome = repeatability(failure);
    const left = timeLeft(terms.deadline, now());
    const maxAttempts = method.policy.retries.attempts;
    if (!mayRetry({ outcome, attempt: tried.length, repeatable, timeLeft: left, maxAttempts })) return false;
    return hasOthers(flight) && method.upstream.budget.take(elapsed());
  }

  async function retry(flight: Flight<Call>, first: unknown): Promise<Answer> {
    const { method, terms } = flight;
    const { backoff: baseMs, maxBackoff: capMs } = method.policy.retries;
    let before: AttemptFailure | undefined;
    for (let error = first; ;) {
      if (!(error instanceof AttemptFailure)) throw error;
      // The others left meanwhile: what happened counts.
      if (before && isNoInstance(error)) throw new AttemptFailure(before.outcome, before.error);
      if (!again(flight, error)) throw error;
      error.release();
      before = error;
      const why = reasonOf(error);
      method.upstream.counts.retries += 1;
      logger.debug(
        { path: flight.call.path, instance: flight.tried.at(-1)?.candidate.id, attempt: flight.tried.length, why },
        'attempt failed, trying another instance',
      );
      if (repeatability(error) !== 'unsent') {
        await pause(
          Math.min(backoff({ baseMs, capMs }, flight.tried.length, random), timeLeft(terms.deadline, now())),
          terms.signal,
        );
      }
      try {
        return await attempt(flight, why, terms.signal);
      } catch (next) {
        error = next;
      }
    }
  }

  return (flight) => {
    flight.method.upstream.budget.onRequest(elapsed());
    return attempt(flight, undefined, flight.terms.signal).catch((error: unknown) => retry(flight, error));
  };
}

const reasonOf = ({ error: { code, reason } }: AttemptFailure): string => reason ?? codeName(code);
