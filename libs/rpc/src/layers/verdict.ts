import type { CallResult } from '@trellis/balancing';
import { Code, ServiceError } from '@trellis/errors';
import type { BreakerResult, Outcome } from '@trellis/resilience';
import { isNoInstance } from '../call-failures.js';
import type { AttemptFailure } from '../transport.js';

/** Codes that blame the service. With the others it did its work and the caller asked for what cannot be. */
const FAULTS: ReadonlySet<Code> = new Set([
  Code.UNKNOWN,
  Code.DEADLINE_EXCEEDED,
  Code.INTERNAL,
  Code.UNAVAILABLE,
  Code.DATA_LOSS,
]);

/** Reasons with which an instance refuses a call before it begins it: it was not carried out, whatever it does. */
const NOT_BEGUN: ReadonlySet<string | undefined> = new Set(['DRAINING', 'OVERLOADED', 'DEADLINE_PASSED']);

/**
 * Reasons that this stack gives. In an answer they tell of a call that the service made itself and repeated already: who
 * repeats it again on each floor of a house of five multiplies the load by 3⁵ (Google, Site Reliability Engineering, ch. 22).
 */
const REPEATED_BELOW: ReadonlySet<string | undefined> = new Set([
  'NO_INSTANCE',
  'CONNECT_FAILED',
  'CONNECT_TIMEOUT',
  'READ_TIMEOUT',
  'WRITE_TIMEOUT',
  'CONNECTION_LOST',
  'CALL_REFUSED',
  'TOO_MANY_CALLS',
  'PEER_OVERLOADED',
  'CIRCUIT_OPEN',
  'BULKHEAD_FULL',
]);

/** Marks the reason of a refusal that a call met further down. */
const DEPENDENCY = 'DEPENDENCY_';

/**
 * The same error for the caller of the call being served. That call has begun, and may have done half of its work: with the
 * reason as it is, its caller would take it for one that has not, and repeat even a write.
 */
export function passedUp(error: ServiceError): ServiceError {
  const { code, message, reason = '', violations, retryAfter, metadata } = error;
  if (!NOT_BEGUN.has(reason)) return error;
  return new ServiceError(code, message, {
    reason: DEPENDENCY + reason,
    violations,
    ...(retryAfter !== undefined && { retryAfter }),
    metadata,
    cause: error,
  });
}

/** What a failed attempt says about the instance. */
export function verdictOnInstance({ error: { code } }: AttemptFailure): CallResult {
  if (code === Code.CANCELLED) return 'cancelled';
  if (code === Code.RESOURCE_EXHAUSTED) return 'overloaded';
  return FAULTS.has(code) ? 'failed' : 'ok';
}

/**
 * What a failed call says about the service. Overload says nothing: the service does what it can, and holding back all of
 * its calls would turn much load into none. Nor does it say anything that nobody is there: who comes back is called at once.
 */
export function verdictOnService(failure: AttemptFailure): BreakerResult {
  const { code } = failure.error;
  if (code === Code.CANCELLED || code === Code.RESOURCE_EXHAUSTED || isNoInstance(failure)) return 'ignored';
  return FAULTS.has(code) ? 'failed' : 'ok';
}

/** Whether another answer would be better than this error: the service is at fault, or has no room. */
export const wantsFallback = ({ error: { code } }: AttemptFailure): boolean =>
  FAULTS.has(code) || code === Code.RESOURCE_EXHAUSTED;

/**
 * How far the attempt got as far as repeating it goes. An answer ends the matter, but for those by which gRPC lets a client
 * try again: UNAVAILABLE (https://grpc.io/docs/guides/status-codes/), RESOURCE_EXHAUSTED elsewhere, and an attempt that ran
 * out of its own time.
 */
export function repeatability({ outcome, error: { code, reason } }: AttemptFailure): Outcome {
  if (outcome !== 'final') return outcome;
  if (code !== Code.UNAVAILABLE && code !== Code.RESOURCE_EXHAUSTED && code !== Code.DEADLINE_EXCEEDED) return 'final';
  if (NOT_BEGUN.has(reason)) return 'unsent';
  return REPEATED_BELOW.has(reason) || reason?.startsWith(DEPENDENCY) ? 'final' : 'unknown';
}
