import { isNoInstance } from '../call-failures.js';
import { type CancelSignal, eitherOf } from '../cancellation.js';
import { type AnyCall, type Flight, hasOthers } from './flight.js';
import type { AttemptAt } from './one-attempt.js';
import { AttemptFailure } from '../transport.js';
import { verdictOnInstance } from './verdict.js';

export interface HedgeOptions {
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number;
}

/**
 * Asks a second instance when the first is slower than it usually is, and takes the first good answer; the other call is
 * cancelled. For repeatable calls of methods whose policy says so. J. Dean and L. A. Barroso, "The Tail at Scale", 2013.
 */
export function hedged<Call extends AnyCall, Answer>(
  attempt: AttemptAt<Call, Answer>,
  { elapsed }: HedgeOptions,
): AttemptAt<Call, Answer> {
  /** Latencies are those of attempts, so that hedging does not make itself seem unnecessary. */
  async function timed(...[flight, why, signal]: Parameters<AttemptAt<Call, Answer>>): Promise<Answer> {
    const began = elapsed();
    const answer = await attempt(flight, why, signal);
    const now = elapsed();
    flight.method.hedging?.record(now - began, now);
    return answer;
  }

  return (flight, why, signal) => {
    const { hedging } = flight.method;
    if (!hedging || !flight.repeatable) return attempt(flight, why, signal);
    hedging.onRequest(elapsed());
    const delay = hedging.delay(elapsed());
    if (delay === undefined) return timed(flight, why, signal);
    return race(flight, delay, signal, (reason, ownSignal) => timed(flight, reason ?? why, ownSignal), elapsed);
  };
}

/**
 * The first answer of one attempt and, after the delay, a second: a good one, or an error that is no fault of the instance.
 * When neither has one, the failure that came first.
 */
function race<Call extends AnyCall, Answer>(
  flight: Flight<Call>,
  delay: number,
  signal: CancelSignal | undefined,
  start: (reason: 'hedge' | undefined, signal: AbortSignal) => Promise<Answer>,
  elapsed: () => number,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const under = new Set<AbortController>();
    let failure: AttemptFailure | undefined;
    const end = (): void => {
      clearTimeout(timer);
      for (const other of under) other.abort(); // never the one that has answered: its answer may still be read
    };
    const run = (reason: 'hedge' | undefined): void => {
      const own = new AbortController();
      under.add(own);
      start(reason, signal ? eitherOf(signal, own.signal) : own.signal).then(
        (answer) => {
          under.delete(own);
          end();
          failure?.release();
          resolve(answer);
        },
        (error: unknown) => {
          under.delete(own);
          if (!(error instanceof AttemptFailure) || isAnswer(error)) {
            end();
            failure?.release();
            reject(error);
          } else if (under.size > 0) {
            failure = error;
          } else {
            end();
            const told = failure && !isNoInstance(failure) ? failure : error;
            if (told !== error) error.release();
            reject(told);
          }
        },
      );
    };
    const timer = setTimeout(() => {
      const { upstream, hedging } = flight.method;
      if (!hasOthers(flight)) return;
      if (!hedging?.take(elapsed()) || !upstream.budget.take(elapsed())) return;
      upstream.counts.hedges += 1;
      run('hedge');
    }, delay);
    run(undefined);
  });
}

/** Another instance would say the same, or nobody waits any more. */
const isAnswer = (failure: AttemptFailure): boolean => {
  const verdict = verdictOnInstance(failure);
  return verdict === 'ok' || verdict === 'cancelled';
};
