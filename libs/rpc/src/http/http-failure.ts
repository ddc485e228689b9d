import { lost, slowToConnect, unreachable, unsendable } from '../call-failures.js';
import type { AttemptFailure } from '../transport.js';

/** undici's words for a request that it cannot put on the wire as it is. */
const UNSENDABLE: ReadonlySet<unknown> = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
]);

/**
 * Why a request has no answer. `begun`: whether it was being written. A connection that the peer closes at that moment may
 * have brought it there or not (RFC 9112, section 9.3.1), so nothing is unsent from then on.
 */
export function requestFailure(error: unknown, begun: boolean): AttemptFailure {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (UNSENDABLE.has(code)) return unsendable(error);
  if (begun) return lost(error);
  return code === 'UND_ERR_CONNECT_TIMEOUT' ? slowToConnect(error) : unreachable(error);
}
