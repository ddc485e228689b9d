import { ConnectionError, ErrorCode, FRAME_HEADER, LARGEST_PAYLOAD } from './frame.js';

/** `payload` is only good until the function returns: the memory is used again. */
export type OnFrame = (type: number, flags: number, stream: number, payload: Buffer) => void;

/** Cuts what comes over a connection into frames, however it was cut before. Holds one frame at most. */
export class FrameParser {
  readonly #onFrame: OnFrame;
  /** Holds a frame whose rest has not come. */
  #part: Buffer = Buffer.alloc(0);
  #held = 0;

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame;
  }

  /** Throws ConnectionError for a frame that is too long. */
  feed(bytes: Buffer): void {
    let from = 0;
    while (from < bytes.length) {
      const whole = this.#held === 0 ? frameLength(bytes, from) : undefined;
      if (whole !== undefined && from + whole <= bytes.length) {
        this.#emit(bytes, from, whole);
        from += whole;
      } else {
        from += this.#hold(bytes, from);
      }
    }
  }

  /** Adds to the part as much as it needs next, and emits it when it is whole. */
  #hold(bytes: Buffer, from: number): number {
    if (this.#part.length === 0) this.#part = Buffer.allocUnsafe(FRAME_HEADER + LARGEST_PAYLOAD);
    const wanted = frameLength(this.#part.subarray(0, this.#held), 0) ?? FRAME_HEADER;
    const taken = Math.min(wanted - this.#held, bytes.length - from);
    bytes.copy(this.#part, this.#held, from, from + taken);
    this.#held += taken;
    if (frameLength(this.#part.subarray(0, this.#held), 0) === this.#held) {
      const whole = this.#held;
      this.#held = 0;
      this.#emit(this.#part, 0, whole);
    }
    return taken;
  }

  #emit(bytes: Buffer, from: number, whole: number): void {
    const stream = bytes.readUInt32BE(from + 5) & 0x7fff_ffff; // the first bit is reserved
    this.#onFrame(
      bytes[from + 3] ?? 0,
      bytes[from + 4] ?? 0,
      stream,
      bytes.subarray(from + FRAME_HEADER, from + whole),
    );
  }
}

/** With its header; undefined when not even that is there. */
function frameLength(bytes: Buffer, from: number): number | undefined {
  if (bytes.length - from < FRAME_HEADER) return undefined;
  const payload = bytes.readUIntBE(from, 3);
  if (payload > LARGEST_PAYLOAD) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `a frame of ${payload} bytes`);
  return FRAME_HEADER + payload;
}
