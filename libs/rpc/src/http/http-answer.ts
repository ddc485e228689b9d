import type { AnyCall, Flight } from '../layers/flight.js';
import type { HttpAnswer, HttpCall, UpgradedAnswer } from '../rpc.js';
import type { HttpReply } from './http-reply.js';

/** RFC 9110, section 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** Whether it may be sent twice: HTTP itself says so of its method, or the caller does. A stream is there only once. */
export const mayRepeat = ({ method, idempotent = IDEMPOTENT.has(method), body }: HttpCall): boolean =>
  idempotent && (body === undefined || body instanceof Uint8Array);

/** The reply, with what became of the call that led to it. */
export function httpAnswer(
  { status, statusText, headers, body, socket }: HttpReply,
  { instance, tried, fallback }: Flight<AnyCall>,
): HttpAnswer | UpgradedAnswer {
  const attempts = tried.length;
  if (socket) return { status: 101, statusText, headers, socket, instance, attempts, fallback };
  return { status, statusText, headers, body, instance, attempts, fallback };
}
