import type { Socket } from 'node:net';
import { wholeMessage } from './http1.js';
import { CREATED_JSON, POST_JSON } from './traffic.js';

const answer = (status: string, body: string): Buffer =>
  Buffer.from(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
const OK = answer('200 OK', POST_JSON);
const BAD = answer('400 Bad Request', '{}');
const CREATED = Buffer.from(CREATED_JSON);

/** An HTTP/1 server that answers every GET with the post, and every POST whose body has come through unchanged. */
export function serveHttp(socket: Socket): void {
  let kept: Buffer | undefined;
  socket.on('error', () => undefined); // `close` follows
  socket.on('data', (chunk) => {
    const bytes = kept ? Buffer.concat([kept, chunk]) : chunk;
    const message = wholeMessage(bytes);
    kept = message ? undefined : bytes;
    if (message) socket.write(message.head.startsWith('GET ') || message.body.equals(CREATED) ? OK : BAD);
  });
}
