import { ByteWriter } from './byte-writer.js';
import type { Bytes } from './byte-source.js';

/** Writes protobuf's wire format. https://protobuf.dev/programming-guides/encoding */
export class WireWriter extends ByteWriter {
  /** A varint of at most 32 bits, not negative: a tag, a length, a uint32. */
  uint32(value: number): void {
    this.reserve(5);
    const { bytes } = this;
    let { at } = this;
    while (value > 0x7f) {
      bytes[at++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    bytes[at++] = value;
    this.at = at;
  }

  /** A varint of 64 bits, given as its two halves. */
  varint64(low: number, high: number): void {
    this.reserve(10);
    const { bytes } = this;
    let { at } = this;
    low >>>= 0;
    high >>>= 0;
    while (high > 0 || low > 0x7f) {
      bytes[at++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    bytes[at++] = low;
    this.at = at;
  }

  fixed32(value: number): void {
    this.reserve(4);
    this.view.setInt32(this.at, value, true);
    this.at += 4;
  }

  float(value: number): void {
    this.reserve(4);
    this.view.setFloat32(this.at, value, true);
    this.at += 4;
  }

  double(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** Bytes with their length before them. */
  delimited(from: Bytes, start: number, end: number): void {
    this.uint32(end - start);
    this.copy(from, start, end);
  }

  /** A text with its length before it. */
  string(text: string): void {
    const start = this.fork();
    this.reserve(3 * text.length);
    this.at += this.bytes.write(text, this.at, 'utf8');
    this.join(start);
  }

  /** Begins what has its length before it, and gives the place for `join`. */
  fork(): number {
    this.reserve(1);
    return ++this.at;
  }

  join(start: number): void {
    const size = this.at - start;
    if (size > 0x7f) {
      const room = size < 1 << 14 ? 1 : size < 1 << 21 ? 2 : size < 1 << 28 ? 3 : 4;
      this.reserve(room);
      this.bytes.copyWithin(start + room, start, this.at);
      this.at = start - 1;
      this.uint32(size);
      this.at += size;
    } else this.bytes[start - 1] = size;
  }
}
