import type { Socket } from 'node:net';
import { type ErrorCode, FRAME_HEADER, Flag, FrameType, LARGEST_PAYLOAD } from './frame.js';

const FIRST_SIZE = 16 * 1024;

/** What is kept for the next turn of the event loop is not larger than this. */
const LARGEST_KEPT = 256 * 1024;

/**
 * Frames on their way out. All of one turn of the event loop leave in one write, and the memory is used again: writes and
 * allocations are most of what a call costs.
 */
export class Outbox {
  readonly #socket: Socket;
  readonly #onRoom: () => void;
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_SIZE);
  #length = 0;
  /** The memory of the last write, once the socket is done with it. */
  #spare: Buffer | undefined;
  #scheduled = false;

  /** `onRoom` when a write is done. */
  constructor(socket: Socket, onRoom: () => void) {
    this.#socket = socket;
    this.#onRoom = onRoom;
  }

  /** Bytes that the kernel has not taken. */
  get waiting(): number {
    return this.#length + this.#socket.writableLength;
  }

  preface(settings: readonly (readonly [id: number, value: number])[]): void {
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
    this.#reserve(preface.length);
    this.#length += this.#bytes.write(preface, this.#length, 'latin1');
    this.#header(settings.length * 6, FrameType.SETTINGS, 0, 0);
    for (const [id, value] of settings) {
      this.#length = this.#bytes.writeUInt16BE(id, this.#length);
      this.#length = this.#bytes.writeUInt32BE(value, this.#length);
    }
  }

  headers(stream: number, block: Buffer): void {
    for (let from = 0; from < block.length; from += LARGEST_PAYLOAD) {
      const to = Math.min(block.length, from + LARGEST_PAYLOAD);
      const type = from === 0 ? FrameType.HEADERS : FrameType.CONTINUATION;
      this.#header(to - from, type, to === block.length ? Flag.END_HEADERS : 0, stream);
      this.#copy(block, from, to);
    }
  }

  /** At most LARGEST_PAYLOAD bytes of `body`. */
  data(stream: number, body: Buffer, from: number, to: number): void {
    this.#header(to - from, FrameType.DATA, to === body.length ? Flag.END_STREAM : 0, stream);
    this.#copy(body, from, to);
  }

  settingsTaken(): void {
    this.#header(0, FrameType.SETTINGS, Flag.ACK, 0);
  }

  ping(): void {
    this.#header(8, FrameType.PING, 0, 0);
    this.#copy(Buffer.alloc(8), 0, 8);
  }

  pong(payload: Buffer): void {
    this.#header(8, FrameType.PING, Flag.ACK, 0);
    this.#copy(payload, 0, 8);
  }

  reset(stream: number, code: ErrorCode): void {
    this.#header(4, FrameType.RST_STREAM, 0, stream);
    this.#length = this.#bytes.writeUInt32BE(code, this.#length);
  }

  window(bytes: number): void {
    this.#header(4, FrameType.WINDOW_UPDATE, 0, 0);
    this.#length = this.#bytes.writeUInt32BE(bytes, this.#length);
  }

  /** The peer may open no streams, so the last one that was looked at is none. */
  goaway(code: ErrorCode): void {
    this.#header(8, FrameType.GOAWAY, 0, 0);
    this.#length = this.#bytes.writeUInt32BE(0, this.#length);
    this.#length = this.#bytes.writeUInt32BE(code, this.#length);
  }

  /** Writes now what waits for the end of the turn. */
  readonly flush = (): void => {
    this.#scheduled = false;
    if (this.#length === 0 || !this.#socket.writable) return;
    const bytes = this.#bytes;
    const full = bytes.subarray(0, this.#length);
    this.#bytes = this.#spare ?? Buffer.allocUnsafe(FIRST_SIZE);
    this.#spare = undefined;
    this.#length = 0;
    this.#socket.write(full, () => {
      if (bytes.length <= LARGEST_KEPT) this.#spare = bytes;
      this.#onRoom();
    });
  };

  /** With room for the payload. */
  #header(length: number, type: number, flags: number, stream: number): void {
    this.#reserve(FRAME_HEADER + length);
    const at = this.#length;
    this.#bytes.writeUIntBE(length, at, 3);
    this.#bytes[at + 3] = type;
    this.#bytes[at + 4] = flags;
    this.#length = this.#bytes.writeUInt32BE(stream, at + 5);
  }

  #copy(from: Buffer, start: number, end: number): void {
    this.#length += from.copy(this.#bytes, this.#length, start, end);
  }

  #reserve(room: number): void {
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.flush);
    }
    if (this.#length + room <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + room));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
