import { WireType } from '@bufbuild/protobuf/wire';
import { ByteSource } from './byte-source.js';
import { half } from './integer64.js';
import { MAX_DEPTH, refuse } from './refused.js';
import { Stack } from './stack.js';

/** Reads protobuf's wire format. Every method refuses what does not end before `end`. */
export class WireReader extends ByteSource {
  /** Messages around the place. */
  depth = 0;
  /** Where each message around the place has its fields. */
  readonly places = new Stack();

  start(bytes: Uint8Array): void {
    this.load(bytes);
    this.depth = 1;
    this.places.top = 0;
  }

  /** Goes into a message that has its length before it. Gives the end of the one around it, for `leave`. */
  enter(): number {
    if (++this.depth > MAX_DEPTH) refuse();
    const outer = this.end;
    this.end = this.delimited();
    return outer;
  }

  leave(outer: number): void {
    this.at = this.end;
    this.end = outer;
    this.depth--;
  }

  /** A field's number and wire type in one: `number << 3 | wireType`, unsigned. */
  tag(): number {
    const byte = this.bytes[this.at] ?? 0;
    if (byte < 0x80 && byte > 7) {
      if (++this.at > this.end) refuse();
      return byte;
    }
    const start = this.at;
    const tag = this.varint();
    const size = this.at - start;
    if (tag < 8 || size > 5 || (size === 5 && (this.bytes[this.at - 1] ?? 0) > 0x0f)) refuse();
    return tag;
  }

  /** The low 32 bits of a varint, unsigned. */
  varint(): number {
    const { bytes } = this;
    let { at } = this;
    let byte = bytes[at++] ?? 0x80;
    let value = byte & 0x7f;
    for (let shift = 7; byte > 0x7f; shift += 7) {
      if (shift > 63) refuse();
      byte = bytes[at++] ?? 0x80;
      if (shift < 32) value |= (byte & 0x7f) << shift;
    }
    if (at > this.end) refuse();
    this.at = at;
    return value >>> 0;
  }

  /** A varint of 64 bits, into `half`. */
  varint64(): void {
    const { bytes } = this;
    let { at } = this;
    let low = 0;
    let high = 0;
    let byte = 0x80;
    for (let shift = 0; byte > 0x7f; shift += 7) {
      if (shift > 63) refuse();
      byte = bytes[at++] ?? 0x80;
      const bits = byte & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift > 28) high |= bits << (shift - 32);
      else if (shift === 28) high = bits >> 4;
    }
    if (at > this.end) refuse();
    this.at = at;
    half.low = low >>> 0;
    half.high = high >>> 0;
  }

  bool(): boolean {
    this.varint64();
    return half.low !== 0 || half.high !== 0;
  }

  fixed32(): number {
    return this.view.getUint32(this.#take(4), true);
  }

  /** Into `half`. */
  fixed64(): void {
    const at = this.#take(8);
    half.low = this.view.getUint32(at, true);
    half.high = this.view.getUint32(at + 4, true);
  }

  float(): number {
    return this.view.getFloat32(this.#take(4), true);
  }

  double(): number {
    return this.view.getFloat64(this.#take(8), true);
  }

  #take(size: number): number {
    const { at } = this;
    this.at = at + size;
    if (this.at > this.end) refuse();
    return at;
  }

  /** Reads a length and gives where what it measures ends. */
  delimited(): number {
    const size = this.varint();
    const end = this.at + size;
    if (end > this.end) refuse();
    return end;
  }

  /** Leaves out a value. Groups are refused. */
  skip(wireType: number): void {
    switch (wireType) {
      case WireType.Varint:
        this.varint();
        break;
      case WireType.LengthDelimited:
        this.at = this.delimited();
        break;
      case WireType.Bit32:
        this.#take(4);
        break;
      case WireType.Bit64:
        this.#take(8);
        break;
      default:
        refuse();
    }
  }
}
