/**
 * As much of HTTP/2 (RFC 9113) and gRPC as loads and backends speak, by hand: a real client or server would cost more than
 * what is measured.
 */
export const FRAME = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goaway: 7, windowUpdate: 8 } as const;
export const FLAG = { endStream: 1, ack: 1, endHeaders: 4 } as const;

const HEAD = 9;
/** Every peer takes frames of this size. */
const MAX_PAYLOAD = 16_384;
/** RFC 9113, 6.9.1: a window so large that it never has to be opened again. */
const MAX_WINDOW = 2 ** 31 - 1;
const FIRST_WINDOW = 65_535;
const INITIAL_WINDOW_SIZE = 4;

export function frame(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const bytes = Buffer.alloc(HEAD + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes.writeUInt8(type, 3);
  bytes.writeUInt8(flags, 4);
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, HEAD);
  return bytes;
}

/** What a client says first. The server may send as much as it likes. */
export const preface = (): Buffer => Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), serverPreface()]);

/** What a server says first. The client may send as much as it likes. */
export function serverPreface(): Buffer {
  const settings = Buffer.alloc(6);
  settings.writeUInt16BE(INITIAL_WINDOW_SIZE, 0);
  settings.writeUInt32BE(MAX_WINDOW, 2);
  const more = Buffer.alloc(4);
  more.writeUInt32BE(MAX_WINDOW - FIRST_WINDOW, 0);
  return Buffer.concat([frame(FRAME.settings, 0, 0, settings), frame(FRAME.windowUpdate, 0, 0, more)]);
}

/** The request's headers: literal fields without indexing (RFC 7541, 6.2.2), names and values shorter than 127 bytes. */
export function grpcHeaders(path: string, authority: string, credential: string): Buffer {
  const fields = {
    ':method': 'POST',
    ':scheme': 'http',
    ':path': path,
    ':authority': authority,
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization: `Bearer ${credential}`,
  };
  const bytes = Object.entries(fields).flatMap(([name, value]) => [
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
  return frame(FRAME.headers, FLAG.endHeaders, 1, Buffer.concat(bytes));
}

/** A message on the connection's only stream. */
export function grpcMessage(message: Uint8Array, endStream = false): Buffer {
  const bytes = Buffer.alloc(5 + message.length);
  bytes.writeUInt32BE(message.length, 1);
  bytes.set(message, 5);
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += MAX_PAYLOAD) {
    const last = at + MAX_PAYLOAD >= bytes.length;
    const flags = endStream && last ? FLAG.endStream : 0;
    frames.push(frame(FRAME.data, flags, 1, bytes.subarray(at, at + MAX_PAYLOAD)));
  }
  return Buffer.concat(frames);
}

/** Cuts what arrives into frames. */
export class FrameReader {
  readonly #onFrame: (type: number, flags: number, payload: Buffer, stream: number) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onFrame: (type: number, flags: number, payload: Buffer, stream: number) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    while (bytes.length >= HEAD) {
      const end = HEAD + bytes.readUIntBE(0, 3);
      if (bytes.length < end) break;
      this.#onFrame(bytes.readUInt8(3), bytes.readUInt8(4), bytes.subarray(HEAD, end), bytes.readUInt32BE(5));
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
  }
}
