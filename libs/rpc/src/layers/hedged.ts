import type { AnyCall, Flight } from './flight.js';
import type { AttemptAt } from './one-attempt.js';
import { AttemptFailure } from '../transport.js';

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

/** The first good answer of one attempt and, after the delay, a second. The failure of the first when both fail. */
function race<Call extends AnyCall, Answer>(
  { method, tried }: Flight<Call>,
  delay: number,
  signal: AbortSignal | undefined,
  start: (reason: 'hedge' | undefined, signal: AbortSignal) => Promise<Answer>,
  elapsed: () => number,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const rest = new AbortController();
    const onAbort = (): void => rest.abort();
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) rest.abort();
    let under = 0;
    let failure: unknown;
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const run = (reason: 'hedge' | undefined): void => {
      under += 1;
      start(reason, rest.signal).then(
        (answer) => {
          settle();
          resolve(answer);
          rest.abort();
        },
        (error: unknown) => {
          if (failure === undefined) failure = error;
          else if (error instanceof AttemptFailure) error.release();
          under -= 1;
          if (under > 0) return;
          settle();
          reject(failure);
        },
      );
    };
    const timer = setTimeout(() => {
      const { pool } = method.seat;
      if (pool.endpoints.length <= tried.length || !method.hedging?.take(elapsed())) return;
      method.upstream.counts.hedges += 1;
      run('hedge');
    }, delay);
    run(undefined);
  });
}
