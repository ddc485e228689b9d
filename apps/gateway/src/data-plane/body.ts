import type { IncomingMessage } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';
import { Code, ServiceError } from '@trellis/errors';
import type { Exchange } from './exchange.js';
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
 * The whole body. Rejects with 413 past the request's limit, with 408 at its deadline and with CANCELLED when the client
 * goes away. The request is not destroyed then: its answer still has to go out on the same socket.
 */
export function readBody(exchange: Exchange): Promise<Uint8Array> {
  const { request, maxBody, deadline } = exchange;
  exchange.wantBody();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let whole = false;
    const refuse = (error: ServiceError): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBody) refuse(bodyTooLarge(maxBody));
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      clearTimeout(timer);
      whole = true; // the listeners end with the request
      resolve(joined(chunks, size));
    };
    const onBroken = (): void => {
      if (!whole) refuse(new ServiceError(Code.CANCELLED, 'The client went away before its body was complete'));
    };
    const timer = setTimeout(() => refuse(bodyTooSlow()), timerTo(deadline));
    request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });
}

/** Bytes. A body that is no longer is read before it is sent on, so that it can be sent again to another instance. */
const READ_FIRST = 65_536;

/** The body as an HTTP service gets it: as a whole if it is known to be short, and else as it comes. */
export function passedBody(exchange: Exchange): Promise<Uint8Array> | PassedBody | undefined {
  const { request } = exchange;
  if (!hasBody(request)) return undefined;
  const announced = request.headers['content-length'];
  return announced !== undefined && Number(announced) <= READ_FIRST ? readBody(exchange) : new PassedBody(exchange);
}

/** A body on its way from the client to a service, no faster than the service takes it, and no longer than it may be. */
export class PassedBody extends Transform {
  readonly #exchange: Exchange;
  #size = 0;

  constructor(exchange: Exchange) {
    super();
    this.#exchange = exchange;
    this.on('error', ignore); // whoever reads it hears of it
    this.once('resume', () => exchange.wantBody()); // there is somebody who takes it
    exchange.request.pipe(this);
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    const { maxBody } = this.#exchange;
    this.#size += chunk.length;
    if (this.#size > maxBody) done(bodyTooLarge(maxBody));
    else done(null, chunk);
  }

  /** Why the call that it belongs to failed, where that is the client's doing. */
  blame(error: ServiceError): ServiceError {
    if (this.errored instanceof ServiceError) return this.errored;
    const waits = !this.#exchange.request.complete && this.readableLength + this.writableLength === 0;
    return waits && error.code === Code.DEADLINE_EXCEEDED ? bodyTooSlow() : error;
  }

  /** Nobody wants the rest. */
  leave(): void {
    this.#exchange.request.unpipe(this);
    this.destroy();
  }
}

const ignore = (): void => undefined;

/** What a timer can hold; one that is set for longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const timerTo = (deadline: number): number => Math.min(Math.max(0, deadline - Date.now()), LONGEST_TIMER_MS);

/** Most bodies come in one piece. */
function joined(chunks: readonly Buffer[], size: number): Uint8Array {
  const [first, ...others] = chunks;
  return first && others.length === 0 ? first : Buffer.concat(chunks, size);
}
