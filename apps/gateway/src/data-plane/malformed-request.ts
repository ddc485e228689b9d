import { randomBytes, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { PROBLEM_CONTENT_TYPE, invalidArgument, phrase, toProblem } from '@trellis/errors';
import { linger } from './linger.js';
import type { UnreadRequest } from './unread-request.js';

/** Status and detail of what node:http refuses before there is a request. */
const REFUSALS: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time'],
};

/** Answers what cannot be parsed, and closes the connection. Undefined when there was nobody, or nothing, to answer. */
export function refuseMalformed(
  error: NodeJS.ErrnoException,
  socket: Duplex & { _httpMessage?: ServerResponse | null },
): UnreadRequest | undefined {
  const answer = socket._httpMessage;
  // In the middle of an answer nothing may be put.
  if (!socket.writable || error.code === 'ECONNRESET' || answer?.headersSent) {
    socket.destroy();
    return undefined;
  }
  // A good request, and what came after it was none: the good one gets its answer.
  if (answer?.req.complete) {
    answer.shouldKeepAlive = false;
    answer.once('finish', () => socket.end());
    return undefined;
  }
  const [status, detail] = REFUSALS[error.code ?? ''] ?? [400, 'This is not a valid HTTP/1.1 request'];
  return refuseOnSocket(socket, status, detail, error.code ?? 'MALFORMED');
}

/**
 * Answers where there is no exchange, as any other error is answered, and closes the connection. `reason` is for logs: what
 * the parser calls the fault.
 */
export function refuseOnSocket(socket: Duplex, status: number, detail: string, reason: string): UnreadRequest {
  const requestId = randomUUID();
  // There is no span: nothing that could be traced has begun. The id is well-formed for those who look for one.
  const traceId = randomBytes(16).toString('hex');
  const problem = { ...toProblem(invalidArgument([]), { status, requestId, traceId }), detail };
  const body = JSON.stringify(problem);
  socket.end(
    [
      `HTTP/1.1 ${status} ${phrase(status)}`,
      `content-type: ${PROBLEM_CONTENT_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      `x-trace-id: ${traceId}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
  linger(socket); // ended is our half only: the client's would stay open for as long as it likes
  const clientAddress = (socket as Partial<Socket>).remoteAddress ?? '';
  return { status, reason, requestId, traceId, clientAddress, sentBytes: Buffer.byteLength(body) };
}
