import type { Bytes } from './byte-source.js';
import { hashOf } from './name-table.js';
import type { PreparedText } from './prepared-text.js';

const FIRST_SIZE = 4_096;
/** As large as the buffer may stay between two messages. */
const KEPT = 1 << 20;
/** Bytes that may be touched after what has been reserved, for words of four are written. */
const SLACK = 8;
/** Up to so many bytes a loop is quicker than a call that makes a view. */
const LOOP = 128;

/** Bytes that are written one after the other into a buffer that grows and is used again. */
export class ByteWriter implements Bytes {
  bytes = Buffer.allocUnsafeSlow(FIRST_SIZE);
  view = new DataView(this.bytes.buffer);
  at = 0;
  readonly #limit: number;

  /** Writing more bytes than `limit` throws a RangeError. */
  constructor(limit = Infinity) {
    this.#limit = limit;
  }

  /** Forgets what has been written. */
  start(): void {
    this.at = 0;
    if (this.bytes.length > KEPT) this.#grow(FIRST_SIZE);
  }

  /** A copy of what has been written. */
  finish(): Uint8Array {
    // Node cuts small ones from a larger piece: an allocation of its own costs half a microsecond.
    const copy = Buffer.allocUnsafe(this.at);
    copy.set(this.bytes.subarray(0, this.at));
    return copy;
  }

  /** Makes room for so many bytes more. */
  reserve(size: number): void {
    const needed = this.at + size + SLACK;
    if (needed <= this.bytes.length) return;
    if (needed > this.#limit) throw new RangeError(`a message has more than ${this.#limit} bytes`);
    this.#grow(Math.min(Math.max(this.bytes.length * 2, needed), this.#limit));
  }

  #grow(size: number): void {
    const grown = Buffer.allocUnsafeSlow(size);
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  byte(byte: number): void {
    this.reserve(1);
    this.bytes[this.at++] = byte;
  }

  text({ words, length }: PreparedText): void {
    this.reserve(length);
    const { view, at } = this;
    for (let index = 0; index < words.length; index++) view.setInt32(at + index * 4, words[index] as number, true);
    this.at = at + length;
  }

  raw(from: Uint8Array): void {
    this.reserve(from.length);
    this.bytes.set(from, this.at);
    this.at += from.length;
  }

  /** Bytes after which three more can be read. */
  copy(from: Bytes, start: number, end: number): void {
    const size = end - start;
    this.reserve(size);
    const { view, at } = this;
    if (size > LOOP) this.bytes.set(from.bytes.subarray(start, end), at);
    else
      for (let index = 0; index < size; index += 4)
        view.setInt32(at + index, from.view.getInt32(start + index, true), true);
    this.at = at + size;
  }

  /** A hash of what has been written since. */
  hashFrom(start: number): number {
    return hashOf(this.bytes, start, this.at);
  }
}
