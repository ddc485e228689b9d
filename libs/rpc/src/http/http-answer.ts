import type { HttpReply } from './http-reply.js';
import { HttpRefused } from './http-refused.js';
import type { HttpAnswer } from '../rpc.js';

/** RFC 9110, section 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** Whether HTTP itself says that a request with this method may be sent twice. */
export const isIdempotent = (method: string): boolean => IDEMPOTENT.has(method);

/** There was no better answer than this refusal: it is the service's word, and passed on. */
export function refusedReply(failure: unknown): HttpReply {
  if (failure instanceof HttpRefused) return failure.reply;
  throw failure;
}

export const httpAnswer = ({
  statusCode,
  headers,
  body,
}: HttpReply): Pick<HttpAnswer, 'status' | 'headers' | 'body'> => ({
  status: statusCode,
  headers,
  body,
});
