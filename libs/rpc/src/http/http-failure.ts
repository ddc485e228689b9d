import { lost, unreachable } from '../call-failures.js';
import type { AttemptFailure } from '../transport.js';

/** What a process does before it has a connection. What fails under any other may have been sent before. */
const CONNECTING: ReadonlySet<unknown> = new Set(['connect', 'getaddrinfo']);

/** Why a request has no answer. The code alone does not tell: a network can become unreachable under a request too. */
export function requestFailure(error: unknown): AttemptFailure {
  return isConnectError(error) ? unreachable(error) : lost(error);
}

function isConnectError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  // One error for each address of a name.
  if ('errors' in error && Array.isArray(error.errors))
    return error.errors.length > 0 && error.errors.every(isConnectError);
  return 'syscall' in error && CONNECTING.has(error.syscall);
}
