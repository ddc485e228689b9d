import { type Socket, connect } from 'node:net';
import { FLAG, FRAME, FrameReader, frame, grpcHeaders, grpcMessage, preface } from '../h2-wire.js';

/** Enough of a WatchResponse to hold its epoch and revision, which come first. */
const HEAD_BYTES = 64;
/** A stream on which nothing has come by then is tried again, as libs/discovery does. Milliseconds. */
const ESTABLISH_WITHIN = 10_000;

export interface LightStreamOptions {
  readonly port: number;
  readonly path: string;
  readonly credential: string;
  readonly onOpen: () => void;
  /** The first bytes of each message that has arrived whole. */
  readonly onMessage: (head: Buffer) => void;
  readonly onEnd: () => void;
}

/** One gRPC stream on a TCP connection of its own. */
export class LightStream {
  readonly #socket: Socket;
  readonly #options: LightStreamOptions;
  readonly #head = Buffer.alloc(5);
  #headFilled = 0;
  #left = 0;
  #kept: Buffer = Buffer.alloc(0);
  #ended = false;
  readonly #silence: NodeJS.Timeout;

  constructor(options: LightStreamOptions) {
    this.#options = options;
    const { port, path, credential } = options;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket = socket;
    const reader = new FrameReader((type, flags, payload) => this.#frame(type, flags, payload));
    socket.on('connect', () => {
      socket.write(Buffer.concat([preface(), grpcHeaders(path, `127.0.0.1:${port}`, credential)]));
      options.onOpen();
    });
    socket.on('data', (chunk) => reader.push(chunk));
    socket.on('error', () => undefined); // `close` follows
    socket.on('close', () => this.#end());
    this.#silence = setTimeout(() => this.close(), ESTABLISH_WITHIN);
  }

  send(message: Uint8Array, endStream = false): void {
    this.#socket.write(grpcMessage(message, endStream));
  }

  /** Several frames that were made before. */
  sendFrames(frames: Buffer): void {
    this.#socket.write(frames);
  }

  close(): void {
    this.#socket.destroy();
  }

  #frame(type: number, flags: number, payload: Buffer): void {
    if (type === FRAME.data) this.#data(payload);
    if (type === FRAME.settings && !(flags & FLAG.ack)) this.#socket.write(frame(FRAME.settings, FLAG.ack, 0));
    if (type === FRAME.ping && !(flags & FLAG.ack)) this.#socket.write(frame(FRAME.ping, FLAG.ack, 0, payload));
    const ends = type === FRAME.headers && (flags & FLAG.endStream) !== 0;
    if (ends || type === FRAME.reset || type === FRAME.goaway) this.#end();
  }

  #data(payload: Buffer): void {
    let bytes = payload;
    while (bytes.length > 0) {
      if (this.#headFilled < 5) {
        const taken = bytes.copy(this.#head, this.#headFilled, 0, 5 - this.#headFilled);
        this.#headFilled += taken;
        bytes = bytes.subarray(taken);
        if (this.#headFilled < 5) return;
        this.#left = this.#head.readUInt32BE(1);
        this.#kept = Buffer.alloc(0);
      }
      const part = bytes.subarray(0, this.#left);
      if (this.#kept.length < HEAD_BYTES) this.#kept = Buffer.concat([this.#kept, part.subarray(0, HEAD_BYTES)]);
      this.#left -= part.length;
      bytes = bytes.subarray(part.length);
      if (this.#left > 0) return;
      this.#headFilled = 0;
      clearTimeout(this.#silence);
      this.#options.onMessage(this.#kept);
    }
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#silence);
    this.#socket.destroy();
    this.#options.onEnd();
  }
}
