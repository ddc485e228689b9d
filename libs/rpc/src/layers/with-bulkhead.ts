import { resourceExhausted } from '@trellis/errors';
import type { Bulkhead } from '@trellis/resilience';
import { givenUp, late } from '../call-failures.js';
import type { AnyCall, Flight, Layer } from './flight.js';
import { noteOnCall } from './call-notes.js';
import type { Method, Waiting } from '../upstream/method.js';
import { timerTo } from '../terms.js';
import { AttemptFailure } from '../transport.js';

/**
 * Keeps one slow service from taking every place of this process: a group of methods has so many calls under way, some more
 * wait in line, and the rest is refused at once.
 */
export function withBulkhead<Call extends AnyCall, Answer>(
  inner: Layer<Call, Answer>,
  now: () => number,
): Layer<Call, Answer> {
  async function guarded(flight: Flight<Call>, bulkhead: Bulkhead<Waiting>): Promise<Answer> {
    if (flight.terms.signal?.aborted) throw givenUp();
    const entry = bulkhead.enter(flight, flight.terms.deadline, now());
    if (entry === 'reject') throw full(flight.method);
    if (entry === 'wait') await admission(flight, now);
    try {
      return await inner(flight);
    } finally {
      bulkhead.leave(now())?.admit?.();
    }
  }

  return (flight) => {
    const { bulkhead } = flight.method;
    return bulkhead ? guarded(flight, bulkhead) : inner(flight);
  };
}

function admission<Call extends AnyCall>(flight: Flight<Call>, now: () => number): Promise<void> {
  const { deadline, signal } = flight.terms;
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const giveUp = (failure: AttemptFailure): void => {
      settle();
      flight.method.bulkhead?.withdraw(flight);
      reject(failure);
    };
    const onAbort = (): void => giveUp(givenUp());
    const timer = setTimeout(() => giveUp(late()), timerTo(deadline, now()));
    signal?.addEventListener('abort', onAbort, { once: true });
    flight.admit = () => {
      settle();
      resolve();
    };
  });
}

function full({ upstream, policy }: Method): AttemptFailure {
  const group = policy.bulkhead ? policy.bulkhead.group : '';
  upstream.counts.refused += 1;
  noteOnCall('bulkhead full', { service: upstream.service, group });
  const message = `As many calls to ${upstream.service} are under way as may be`;
  const metadata = { service: upstream.service, group };
  return new AttemptFailure('unsent', resourceExhausted(message, { reason: 'BULKHEAD_FULL', retryAfter: 1, metadata }));
}
