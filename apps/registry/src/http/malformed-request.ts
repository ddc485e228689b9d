import type { Duplex } from 'node:stream';
import { Code, PROBLEM_CONTENT_TYPE, ServiceError, phrase, toProblem } from '@trellis/errors';

/** What Node's parser cannot read or wait for never becomes a request; it is refused with a problem all the same. */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status = STATUSES[error.code ?? ''] ?? 400;
  const refusal = new ServiceError(Code.INVALID_ARGUMENT, 'This is no HTTP request that can be answered');
  const body = JSON.stringify(toProblem(refusal, { status }));
  socket.end(
    `HTTP/1.1 ${status} ${phrase(status)}\r\ncontent-type: ${PROBLEM_CONTENT_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

const STATUSES: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };
