import type { Bytes } from './byte-source.js';
import { ByteWriter } from './byte-writer.js';
import { half } from './integer64.js';
import { refuse } from './refused.js';
import { isUtf8 } from './utf8.js';
import { HIGH_BITS, padded, specialBytes } from './words.js';

const BILLION = 1e9;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const BASE64 = ascii('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const HEX = ascii('0123456789abcdef');
/** For a byte below the space, what follows the backslash; 0 for \u00XX. */
const ESCAPES = Uint8Array.from({ length: 32 }, (_, byte) => {
  const escaped = JSON.stringify(String.fromCharCode(byte));
  return escaped.length === 4 ? escaped.charCodeAt(2) : 0;
});

/** Writes JSON text as UTF-8 into a buffer that grows and is used again. */
export class JsonWriter extends ByteWriter {
  /** Puts a byte where one has been written. */
  patch(at: number, byte: number): void {
    this.bytes[at] = byte;
  }

  /** Ends a list or an object that began at `start` and has a comma after each of its parts. */
  close(start: number, byte: number): void {
    if (this.at - 1 === start) this.byte(byte);
    else this.patch(this.at - 1, byte);
  }

  /** Text of ASCII that needs no escape. */
  ascii(text: string): void {
    this.reserve(text.length);
    for (let index = 0; index < text.length; index++) this.bytes[this.at++] = text.charCodeAt(index);
  }

  /** Any text. */
  utf8(text: string): void {
    this.reserve(3 * text.length);
    this.at += this.bytes.write(text, this.at, 'utf8');
  }

  /** A string, from its UTF-8. */
  string(from: Bytes, start: number, end: number): void {
    this.reserve(end - start + 2);
    this.bytes[this.at++] = QUOTE;
    const { view } = this;
    let { at } = this;
    let bits = 0;
    for (let index = start; index < end; index += 4) {
      const count = Math.min(4, end - index);
      const read = from.view.getInt32(index, true);
      const word = count === 4 ? read : padded(read, count);
      bits |= word;
      if (specialBytes(word) === 0) {
        view.setInt32(at, word, true);
        at += count;
      } else {
        this.at = at;
        return this.#escaped(from, start, index, end);
      }
    }
    this.at = at;
    this.byte(QUOTE);
    if ((bits & HIGH_BITS) !== 0 && !isUtf8(from, start, end)) refuse();
  }

  /** The rest of a string from the first piece that has to be escaped. */
  #escaped(from: Bytes, start: number, first: number, end: number): void {
    if (!isUtf8(from, start, end)) refuse();
    for (let index = first; index < end; index++) {
      this.reserve(6);
      const byte = from.bytes[index] as number;
      if (byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH) {
        this.bytes[this.at++] = byte;
        continue;
      }
      const letter = byte < 0x20 ? (ESCAPES[byte] as number) : byte;
      this.bytes[this.at++] = BACKSLASH;
      if (letter !== 0) this.bytes[this.at++] = letter;
      else {
        this.ascii('u00');
        this.byte(ZERO + (byte >> 4));
        this.byte(HEX[byte & 15] as number);
      }
    }
    this.byte(QUOTE);
  }

  /** A string of base64, with padding. */
  base64({ bytes: from }: Bytes, start: number, end: number): void {
    this.reserve(Math.ceil((end - start) / 3) * 4 + 2);
    const { bytes } = this;
    let { at } = this;
    bytes[at++] = QUOTE;
    let index = start;
    for (; index + 2 < end; index += 3) {
      const bits = ((from[index] ?? 0) << 16) | ((from[index + 1] ?? 0) << 8) | (from[index + 2] ?? 0);
      bytes[at++] = BASE64[bits >> 18] ?? 0;
      bytes[at++] = BASE64[(bits >> 12) & 0x3f] ?? 0;
      bytes[at++] = BASE64[(bits >> 6) & 0x3f] ?? 0;
      bytes[at++] = BASE64[bits & 0x3f] ?? 0;
    }
    if (index < end) {
      const two = index + 1 < end;
      const bits = ((from[index] ?? 0) << 16) | (two ? (from[index + 1] ?? 0) << 8 : 0);
      bytes[at++] = BASE64[bits >> 18] ?? 0;
      bytes[at++] = BASE64[(bits >> 12) & 0x3f] ?? 0;
      bytes[at++] = two ? (BASE64[(bits >> 6) & 0x3f] ?? 0) : 0x3d;
      bytes[at++] = 0x3d;
    }
    bytes[at++] = QUOTE;
    this.at = at;
  }

  /** A whole number of at most 53 bits. */
  integer(value: number): void {
    if (value < 0) this.byte(MINUS);
    this.#digits(Math.abs(value));
  }

  #digits(value: number): void {
    if (value < BILLION) {
      let size = 1;
      for (let power = 10; value >= power; power *= 10) size++;
      return this.padded(value, size);
    }
    const billions = Math.floor(value / BILLION);
    this.#digits(billions);
    this.padded(value - billions * BILLION, 9);
  }

  /** The last `size` digits of a number of at most 31 bits, with zeros before it. */
  padded(value: number, size: number): void {
    this.reserve(size);
    const { bytes } = this;
    for (let index = this.at + size - 1; index >= this.at; index--) {
      const rest = (value / 10) | 0;
      bytes[index] = ZERO + value - rest * 10;
      value = rest;
    }
    this.at += size;
  }

  /** `half`, as two's complement when `signed`. */
  integer64(signed: boolean): void {
    let { low, high } = half;
    if (signed && high >= 2 ** 31) {
      this.byte(MINUS);
      high = (~high + (low === 0 ? 1 : 0)) >>> 0;
      low = -low >>> 0;
    }
    if (high < 2 ** 21) return this.#digits(high * 2 ** 32 + low);
    // By long division in steps of 16 bits: the billions, then what is left of them.
    const first = (high % BILLION) * 2 ** 16 + (low >>> 16);
    const second = (first % BILLION) * 2 ** 16 + (low & 0xffff);
    this.#digits(
      Math.floor(high / BILLION) * 2 ** 32 + Math.floor(first / BILLION) * 2 ** 16 + Math.floor(second / BILLION),
    );
    this.padded(second % BILLION, 9);
  }

  /** A number, or the text that stands for one that JSON does not have. */
  number(value: number): void {
    if (Number.isSafeInteger(value)) this.integer(value);
    else if (Number.isFinite(value)) this.ascii(String(value));
    else this.ascii(`"${value}"`);
  }
}
