/** A flag that says whether the message is compressed, and its length in four bytes. */
const PREFIX = 5;

/** Answers above this are refused, as grpc-js and most other makes do by default. */
export const LARGEST_ANSWER = 4 * 1024 * 1024;

/** One message as gRPC sends it. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
export function frameOf(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX);
  return frame;
}

/** Why an answer's body cannot be used. */
export type FrameFault = 'too large' | 'compressed' | 'more than one message' | 'incomplete';

/** Takes a body apart that holds one message, in whatever pieces it comes. Never holds more than one largest answer. */
export class FrameReader {
  /** One buffer, or one that grows to the announced size as pieces come. */
  #bytes: Buffer | undefined;
  #filled = 0;

  /** What is wrong with the body so far; nothing that comes later can mend it. */
  add(piece: Buffer): FrameFault | undefined {
    if (!this.#bytes) {
      this.#bytes = Buffer.from(piece); // the piece's memory is used again
      this.#filled = piece.length;
    } else {
      this.#append(piece, this.#bytes);
    }
    return this.#fault();
  }

  /** The message of a body that has ended; undefined when it is incomplete. */
  message(): Buffer | undefined {
    const bytes = this.#bytes;
    if (!bytes || this.#filled < PREFIX || this.#filled < PREFIX + bytes.readUInt32BE(1)) return undefined;
    return bytes.subarray(PREFIX, this.#filled);
  }

  /** Whether anything came at all. */
  get empty(): boolean {
    return this.#filled === 0;
  }

  #append(piece: Buffer, bytes: Buffer): void {
    const filled = this.#filled + piece.length;
    if (filled > bytes.length) {
      // Twice as much each time and never more than announced, so that a length alone makes nobody set memory aside.
      const announced = this.#filled < PREFIX ? filled : PREFIX + bytes.readUInt32BE(1);
      const grown = Buffer.allocUnsafe(Math.max(filled, Math.min(announced, 2 * filled)));
      bytes.copy(grown, 0, 0, this.#filled);
      this.#bytes = grown;
    }
    piece.copy(this.#bytes ?? bytes, this.#filled);
    this.#filled = filled;
  }

  #fault(): FrameFault | undefined {
    const bytes = this.#bytes;
    if (!bytes || this.#filled < PREFIX) return undefined;
    if (bytes[0] !== 0) return 'compressed';
    const length = bytes.readUInt32BE(1);
    if (length > LARGEST_ANSWER) return 'too large';
    return this.#filled > PREFIX + length ? 'more than one message' : undefined;
  }
}
