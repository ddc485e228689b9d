import { timeLeft } from '@trellis/resilience';
import type { FallbackPolicy } from '../policy/call-policies.js';
import { noteFallback } from './call-notes.js';
import type { AnyCall, Flight, Layer } from './flight.js';
import type { Method } from '../upstream/method.js';
import { AttemptFailure } from '../transport.js';
import { wantsFallback } from './verdict.js';

/** Answers that no instance has to give. Only unary calls have them: HTTP answers are passed on unread. */
export interface Substitutes<Call extends AnyCall, Answer> {
  /** Remembers a good answer, where the policy wants it. */
  keep(flight: Flight<Call>, answer: Answer): void;
  lastGood(flight: Flight<Call>): Answer | undefined;
  prepared(flight: Flight<Call>, policy: FallbackPolicy): Answer | undefined;
}

export interface FallbackOptions<Call extends AnyCall, Answer> {
  readonly now: () => number;
  /** The same method of another service. */
  readonly methodOf: (service: string, path: string) => Method;
  readonly substitutes?: Substitutes<Call, Answer>;
}

/**
 * When the service has failed for good, gives the next best answer: the backup service's, the last good one, the prepared
 * one, in this order. Each call tries the service first, so all is back to normal as soon as the service is. A write that
 * may have happened gets none of them, and one that provably has not only the backup's: its caller has to know.
 */
export function withFallback<Call extends AnyCall, Answer>(
  inner: Layer<Call, Answer>,
  { now, methodOf, substitutes }: FallbackOptions<Call, Answer>,
): Layer<Call, Answer> {
  async function fromBackup(flight: Flight<Call>, service: string): Promise<Answer | undefined> {
    if (timeLeft(flight.terms.deadline, now()) === 0) return undefined;
    const backup: Flight<Call> = {
      ...flight,
      method: methodOf(service, flight.method.path),
      tried: [],
      sent: false,
      admit: undefined,
    };
    try {
      const answer = await inner(backup);
      flight.instance = backup.instance;
      return answer;
    } catch (error) {
      if (!(error instanceof AttemptFailure) || !wantsFallback(error)) throw error;
      error.release();
      return undefined; // it fails as well: the service's own failure is the one to tell of, or the next form helps
    } finally {
      flight.sent ||= backup.sent;
      flight.tried.push(...backup.tried);
    }
  }

  async function nextBest(flight: Flight<Call>, policy: FallbackPolicy): Promise<Answer | undefined> {
    if (policy.service !== undefined) {
      const answer = await fromBackup(flight, policy.service);
      if (answer !== undefined) return marked(flight, 'backup', answer, { service: policy.service });
    }
    if (!flight.repeatable) return undefined; // an answer that nobody gave would say that it was done
    const last = substitutes?.lastGood(flight);
    if (last !== undefined) return marked(flight, 'last-good', last);
    const prepared = substitutes?.prepared(flight, policy);
    return prepared === undefined ? undefined : marked(flight, 'prepared', prepared);
  }

  function orNextBest(flight: Flight<Call>, fallback: FallbackPolicy): Promise<Answer> {
    return inner(flight).then(
      (answer) => {
        if (flight.repeatable) substitutes?.keep(flight, answer);
        return answer;
      },
      (error: unknown) => instead(flight, fallback, error),
    );
  }

  async function instead(flight: Flight<Call>, fallback: FallbackPolicy, error: unknown): Promise<Answer> {
    if (!(error instanceof AttemptFailure) || !wantsFallback(error)) throw error;
    if (flight.sent && !flight.repeatable) throw error;
    const answer = await nextBest(flight, fallback);
    if (answer === undefined) throw error;
    error.release();
    return answer;
  }

  return (flight) => {
    const { fallback } = flight.method.policy;
    return fallback ? orNextBest(flight, fallback) : inner(flight);
  };
}

function marked<Call extends AnyCall, Answer>(
  flight: Flight<Call>,
  kind: NonNullable<Flight<Call>['fallback']>,
  answer: Answer,
  attributes = {},
): Answer {
  flight.fallback = kind;
  if (kind !== 'backup') flight.instance = undefined;
  flight.method.upstream.counts[kind] += 1;
  noteFallback(kind, attributes);
  return answer;
}
