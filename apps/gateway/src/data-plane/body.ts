import type { IncomingMessage } from 'node:http';
import { Code, ServiceError } from '@trellis/errors';
import { bodyTooLarge, bodyTooSlow } from './http-refusal.js';

/** Whether the request announces a body (RFC 9112, section 6.3). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Refuses with 413 before a byte is read, when the request says how large it is. */
export function checkAnnouncedSize({ headers }: IncomingMessage, limit: number): void {
  if (Number(headers['content-length'] ?? 0) > limit) throw bodyTooLarge(limit);
}

/**
 * The whole body. Rejects with 413 past `limit` bytes, with 408 at `deadline` (epoch milliseconds) and with CANCELLED when
 * the client goes away. The request is not destroyed then: its answer still has to go out on the same socket.
 */
export function readBody(request: IncomingMessage, limit: number, deadline: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      finish();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) settle(() => reject(bodyTooLarge(limit)));
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle(() => resolve(Buffer.concat(chunks, size)));
    const onBroken = (): void =>
      settle(() => reject(new ServiceError(Code.CANCELLED, 'The client went away before its body was complete')));
    const timer = setTimeout(() => settle(() => reject(bodyTooSlow())), Math.max(0, deadline - Date.now()));
    request.on('data', onData).once('end', onEnd).once('error', onBroken).once('close', onBroken);
  });
}
