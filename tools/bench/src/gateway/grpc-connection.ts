import type { Socket } from 'node:net';
import { FLAG, FRAME, FrameReader, frame, serverPreface } from '../h2-wire.js';

/** Bytes of messages after which the client's window for the whole connection is opened again. */
const WINDOW_STEP = 1_000_000;

/** An answer as it goes on the wire, but for the stream's number: message, and the status after it. */
export interface Answer {
  readonly request: Buffer;
  readonly frames: readonly Buffer[];
}

/** Literal header fields without indexing (RFC 7541, 6.2.2), names and values shorter than 127 bytes. */
const fields = (values: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat(
    Object.entries(values).flatMap(([name, value]) => [
      Buffer.from([0, name.length]),
      Buffer.from(name),
      Buffer.from([value.length]),
      Buffer.from(value),
    ]),
  );

const HEAD = frame(FRAME.headers, FLAG.endHeaders, 0, fields({ ':status': '200', 'content-type': 'application/grpc' }));
const trailers = (status: string): Buffer =>
  frame(FRAME.headers, FLAG.endHeaders | FLAG.endStream, 0, fields({ 'grpc-status': status }));

const INVALID_ARGUMENT: readonly Buffer[] = [HEAD, trailers('3')];

export function answer(request: Uint8Array, message: Uint8Array): Answer {
  return { request: prefixed(request), frames: [HEAD, frame(FRAME.data, 0, 0, prefixed(message)), trailers('0')] };
}

function prefixed(message: Uint8Array): Buffer {
  const bytes = Buffer.alloc(5 + message.length);
  bytes.writeUInt32BE(message.length, 1);
  bytes.set(message, 5);
  return bytes;
}

/**
 * A gRPC server that knows its answers by the bytes of the request: what a gateway makes of the JSON is checked, and headers
 * need not be read at all. Any other request is INVALID_ARGUMENT. Everything of one arrival is answered in one write.
 */
export function serveGrpc(socket: Socket, answers: readonly Answer[]): void {
  const messages = new Map<number, Buffer>();
  let out: Buffer[] = [];
  let taken = 0;
  const data = (stream: number, flags: number, payload: Buffer): void => {
    taken += payload.length;
    const before = messages.get(stream);
    const message = before ? Buffer.concat([before, payload]) : payload;
    if (!(flags & FLAG.endStream)) {
      messages.set(stream, Buffer.from(message));
      return;
    }
    messages.delete(stream);
    for (const each of answers.find(({ request }) => request.equals(message))?.frames ?? INVALID_ARGUMENT) {
      const own = Buffer.from(each);
      own.writeUInt32BE(stream, 5);
      out.push(own);
    }
  };
  const reader = new FrameReader((type, flags, payload, stream) => {
    if (type === FRAME.data) data(stream, flags, payload);
    if (type === FRAME.reset) messages.delete(stream);
    if (type === FRAME.settings && !(flags & FLAG.ack)) out.push(frame(FRAME.settings, FLAG.ack, 0));
    if (type === FRAME.ping && !(flags & FLAG.ack)) out.push(frame(FRAME.ping, FLAG.ack, 0, payload));
  });
  let preface = CLIENT_PREFACE_BYTES;
  socket.write(serverPreface());
  socket.on('error', () => undefined); // `close` follows
  socket.on('data', (chunk) => {
    const skipped = Math.min(preface, chunk.length);
    preface -= skipped;
    reader.push(chunk.subarray(skipped));
    if (taken > WINDOW_STEP) {
      const step = Buffer.alloc(4);
      step.writeUInt32BE(taken);
      out.push(frame(FRAME.windowUpdate, 0, 0, step));
      taken = 0;
    }
    if (out.length === 0) return;
    socket.write(out.length === 1 ? (out[0] as Buffer) : Buffer.concat(out));
    out = [];
  });
}

const CLIENT_PREFACE_BYTES = 24;
