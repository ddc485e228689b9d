import type { CallResult, Endpoint, Pool } from '@trellis/balancing';
import type { Directory, Instance } from '@trellis/discovery';
import { ServiceError } from '@trellis/errors';
import { timeLeft } from '@trellis/resilience';
import type { Logger } from '@trellis/telemetry';
import { attemptSpans } from './attempt-span.js';
import { givenUp, late, noInstance } from '../call-failures.js';
import type { CancelSignal } from '../cancellation.js';
import { noteOnCall } from './call-notes.js';
import { type AnyCall, type Flight, hasOthers } from './flight.js';
import { AttemptFailure } from '../transport.js';
import type { Shared } from '../upstream/method.js';
import { verdictOnInstance } from './verdict.js';
import type { Wire } from '../wire.js';

/**
 * One try: pick an instance, send, report how it went. `why` says what this try makes up for; undefined for the first one.
 * Rejects with AttemptFailure only.
 */
export type AttemptAt<Call extends AnyCall, Answer> = (
  flight: Flight<Call>,
  why: string | undefined,
  signal: CancelSignal | undefined,
) => Promise<Answer>;

export interface AttemptOptions {
  readonly directory: Directory;
  readonly logger: Pick<Logger, 'warn'>;
  readonly now: () => number;
  readonly elapsed: () => number;
}

export function oneAttempt<Call extends AnyCall, Answer>(
  wire: Wire<Call, Answer>,
  { directory, logger, now, elapsed }: AttemptOptions,
): AttemptAt<Call, Answer> {
  const openSpan = attemptSpans(wire);

  /** Waits only while nobody has ever told who is there: then an empty list means nothing. */
  async function pickFirst(flight: Flight<Call>): Promise<Endpoint<Instance>> {
    const { upstream, seat } = flight.method;
    if (flight.tried.length === 0) await directory.ready(timeLeft(flight.terms.deadline, now()));
    const endpoint = upstream.pools.pick(seat, flight.tried, flight.hash);
    if (!endpoint) throw noInstance(upstream.service);
    return endpoint;
  }

  /** To the pool that the attempt began in: the method may have another one by now. */
  function report(
    upstream: Shared,
    pool: Pool<Instance>,
    endpoint: Endpoint<Instance>,
    began: number,
    result: CallResult,
  ) {
    const at = elapsed();
    const ejection = pool.end(endpoint, result, at - began, at);
    if (!ejection) return;
    upstream.counts.ejections += 1;
    const about = {
      service: upstream.service,
      instance: endpoint.candidate.id,
      reason: ejection.reason,
      forMs: ejection.forMs,
    };
    noteOnCall('instance ejected', about);
    logger.warn(about, 'instance ejected');
  }

  function start(
    flight: Flight<Call>,
    endpoint: Endpoint<Instance>,
    why: string | undefined,
    signal: CancelSignal | undefined,
  ): Promise<Answer> {
    const { method, terms, tried } = flight;
    const { pool } = method.seat;
    const { upstream } = method;
    const instance = endpoint.candidate;
    tried.push(endpoint);
    upstream.counts.attempts += 1;
    const span = openSpan(flight.call, instance, tried.length, why, method.policy.b3);
    const began = elapsed();
    const early = mayEndEarly(flight, began);
    if (early) upstream.early += 1;
    pool.begin(endpoint, began);
    return wire
      .send(flight.call, instance, {
        deadline: early ? earlyEnd(flight, now()) : terms.deadline,
        callDeadline: terms.deadline,
        policy: method.policy,
        token: terms.token,
        signal,
        traceHeaders: span.headers,
      })
      .then(
        (answer) => {
          if (early) upstream.early -= 1;
          report(upstream, pool, endpoint, began, 'ok');
          span.end(answer);
          flight.sent = true;
          flight.instance = instance;
          return answer;
        },
        (error: unknown) => {
          if (early) upstream.early -= 1;
          const failure =
            error instanceof AttemptFailure ? error : new AttemptFailure('final', ServiceError.from(error));
          report(upstream, pool, endpoint, began, verdictOnInstance(failure));
          span.end(undefined, failure);
          if (failure.outcome !== 'unsent') flight.sent = true;
          if (failure.outcome === 'final' && !signal?.aborted) flight.instance = instance; // cancelled, it answered nothing
          throw failure;
        },
      );
  }

  return (flight, why, signal) => {
    const { method, terms, tried } = flight;
    if (signal?.aborted) return Promise.reject(givenUp());
    if (timeLeft(terms.deadline, now()) === 0) return Promise.reject(late());
    const endpoint = method.upstream.pools.pick(method.seat, tried, flight.hash);
    if (endpoint) return start(flight, endpoint, why, signal);
    return pickFirst(flight).then((first) => start(flight, first, why, signal));
  };
}

/**
 * A frozen instance must not cost a repeatable call more than one attempt, as long as somebody else could be asked and the
 * budget would pay for it. Without the budget a service whose reads just take longer would fail them all.
 */
function mayEndEarly<Call extends AnyCall>(flight: Flight<Call>, at: number): boolean {
  const { method, repeatable, tried } = flight;
  const { policy, upstream } = method;
  const last = !repeatable || tried.length >= policy.retries.attempts || !hasOthers(flight);
  return !last && upstream.budget.left(at) > upstream.early;
}

/** Half of the time that is left is kept for the others. */
const earlyEnd = <Call extends AnyCall>({ method, terms }: Flight<Call>, now: number): number =>
  now + Math.min(method.policy.attemptTimeout, (terms.deadline - now) / 2);
