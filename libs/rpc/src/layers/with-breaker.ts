import { unavailable } from '@trellis/errors';
import type { BreakerResult, CircuitBreaker, Pass } from '@trellis/resilience';
import type { Logger } from '@trellis/telemetry';
import { noteOnCall } from './call-notes.js';
import type { AnyCall, Flight, Layer } from './flight.js';
import type { Method } from '../upstream/method.js';
import { AttemptFailure } from '../transport.js';
import { verdictOnService } from './verdict.js';

/**
 * Stops calling a service that fails anyway, so that callers learn it at once and the service gets air. It judges calls, not
 * attempts: what a retry made good is no failure of the service.
 */
export function withBreaker<Call extends AnyCall, Answer>(
  inner: Layer<Call, Answer>,
  { elapsed, logger }: { readonly elapsed: () => number; readonly logger: Pick<Logger, 'warn'> },
): Layer<Call, Answer> {
  function record(method: Method, circuit: CircuitBreaker, pass: Pass, result: BreakerResult): void {
    const change = circuit.record(pass, result, elapsed());
    if (!change) return;
    const about = { service: method.upstream.service, group: method.breaker?.group };
    noteOnCall(`circuit ${change}`, about);
    logger.warn(about, `circuit ${change}`);
  }

  function guarded(flight: Flight<Call>, circuit: CircuitBreaker): Promise<Answer> {
    const { method } = flight;
    const pass = circuit.enter(elapsed());
    if (!pass) return Promise.reject(heldBack(method));
    return inner(flight).then(
      (answer) => {
        record(method, circuit, pass, 'ok');
        return answer;
      },
      (error: unknown) => {
        record(method, circuit, pass, error instanceof AttemptFailure ? verdictOnService(error) : 'failed');
        throw error;
      },
    );
  }

  return (flight) => {
    const circuit = flight.method.breaker?.current;
    return circuit ? guarded(flight, circuit) : inner(flight);
  };
}

function heldBack({ upstream, breaker }: Method): AttemptFailure {
  upstream.counts.heldBack += 1;
  const metadata = { service: upstream.service, group: breaker?.group ?? '' };
  noteOnCall('circuit open', metadata);
  return new AttemptFailure(
    'unsent',
    unavailable(`${upstream.service} is failing and gets no calls for the moment`, {
      reason: 'CIRCUIT_OPEN',
      retryAfter: breaker?.retryAfter,
      metadata,
    }),
  );
}
