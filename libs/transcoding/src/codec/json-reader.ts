import { ByteSource, type Bytes } from './byte-source.js';
import { ByteWriter } from './byte-writer.js';
import type { PresentPaths } from './present-paths.js';
import type { PreparedText } from './prepared-text.js';
import { MAX_DEPTH, refuse } from './refused.js';
import { Stack } from './stack.js';
import { isUtf8 } from './utf8.js';
import { HIGH_BITS, firstBytes, lowestByte, specialBytes } from './words.js';

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const ZERO = 0x30;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
const BACKSLASH = 0x5c;

/** What follows a backslash, and what it stands for (RFC 8259, section 7). */
const ESCAPES = new Map([...'"\\/'].map((character) => [character.charCodeAt(0), character.charCodeAt(0)]));
for (const [index, letter] of [...'btnfr'].entries()) {
  ESCAPES.set(letter.charCodeAt(0), '\b\t\n\f\r'.charCodeAt(index));
}

/** Powers of ten that a double holds exactly: with at most 15 digits, one multiplication or division rounds right. */
const EXACT_POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const EXACT_DIGITS = 15;

/** Reads JSON text token by token from its bytes (RFC 8259). Every method refuses what is not the token that it reads. */
export class JsonReader extends ByteSource {
  /** Where the last string is, without escapes, in UTF-8 that has been checked. */
  text: Bytes = this;
  from = 0;
  to = 0;
  /** Why the last reading was refused, when it was for more than the wrong character. */
  reason: string | undefined;
  /** Messages around the place. */
  depth = 1;
  /** Notes which fields there are, when somebody wants to know. */
  paths: PresentPaths | undefined;
  /** Marks of what each message around the place has had. */
  readonly seen = new Stack();
  readonly #unescaped = new ByteWriter();

  start(bytes: Uint8Array): void {
    this.load(bytes);
    this.#begin();
  }

  startText(text: string): void {
    this.loadText(text);
    this.#begin();
  }

  #begin(): void {
    this.reason = undefined;
    this.depth = 1;
    this.seen.top = 0;
    this.paths = undefined;
  }

  refuse(reason: string): never {
    this.reason = reason;
    return refuse();
  }

  /** The first byte of the next token; 0 at the end. */
  peek(): number {
    const { bytes } = this;
    let { at } = this;
    let byte = bytes[at] ?? 0;
    while (byte <= 0x20 && (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)) byte = bytes[++at] ?? 0;
    this.at = at;
    return byte;
  }

  /** Reads one character between tokens. */
  expect(byte: number): void {
    if (this.peek() !== byte) refuse();
    this.at++;
  }

  /** After a member or an element: true when another follows, false when `close` has been read. */
  more(close: number): boolean {
    const byte = this.peek();
    if (byte !== COMMA && byte !== close) refuse();
    this.at++;
    return byte === COMMA;
  }

  /** Goes one message deeper. */
  enter(): void {
    if (++this.depth > MAX_DEPTH) refuse();
  }

  /** Nothing may follow the value. */
  finish(): void {
    this.peek();
    if (this.at < this.end) refuse();
  }

  /** Reads `null`, `true` or `false`. */
  literal(word: string): void {
    if (!this.isAt(word)) refuse();
    this.at += word.length;
  }

  /** Whether the text, of ASCII, is what comes next. */
  isAt(word: string): boolean {
    for (let index = 0; index < word.length; index++) {
      if (this.bytes[this.at + index] !== word.charCodeAt(index)) return false;
    }
    return true;
  }

  /** Reads a text if it is what comes next. */
  takes(expected: PreparedText): boolean {
    const { at } = this;
    if (at + expected.length > this.end || !expected.isAt(this.view, at)) return false;
    this.at = at + expected.length;
    return true;
  }

  /** Reads a string into `text`, `from` and `to`. */
  string(): void {
    if (this.peek() !== QUOTE) refuse();
    const { bytes, view } = this;
    const from = ++this.at;
    let at = from;
    let bits = 0;
    let word = view.getInt32(at, true);
    let special = specialBytes(word);
    // There are zeros after the end, which are special.
    while (special === 0) {
      bits |= word;
      at += 4;
      word = view.getInt32(at, true);
      special = specialBytes(word);
    }
    const left = lowestByte(special);
    at += left;
    if (bytes[at] === BACKSLASH) return this.#unescape(from, at);
    this.at = at;
    if (bytes[at] !== QUOTE) refuse();
    if (((bits | firstBytes(word, left)) & HIGH_BITS) !== 0 && !isUtf8(this, from, at))
      this.refuse('is not valid UTF-8');
    this.text = this;
    this.from = from;
    this.to = at;
    this.at = at + 1;
  }

  #unescape(from: number, firstEscape: number): void {
    const { bytes } = this;
    let end = firstEscape;
    while (bytes[end] !== QUOTE) {
      this.at = end;
      if ((bytes[end] ?? 0) < 0x20) refuse();
      end += bytes[end] === BACKSLASH ? 2 : 1;
    }
    const out = this.#unescaped;
    out.start();
    out.reserve(end - from);
    this.at = from;
    while (this.at < end) {
      const byte = bytes[this.at++] ?? 0;
      if (byte === BACKSLASH) this.#escape(out);
      else out.byte(byte);
    }
    if (!isUtf8(out, 0, out.at)) this.refuse('is not valid UTF-8');
    this.text = out;
    this.from = 0;
    this.to = out.at;
    this.at = end + 1;
  }

  /** Reads what follows a backslash and writes its UTF-8. */
  #escape(out: ByteWriter): void {
    const letter = this.bytes[this.at++] ?? 0;
    const plain = ESCAPES.get(letter);
    if (plain !== undefined) return out.byte(plain);
    if (letter !== 0x75) refuse();
    let code = this.#hex();
    if (code >= 0xd800 && code <= 0xdfff) {
      const isPaired = this.bytes[this.at] === BACKSLASH && this.bytes[this.at + 1] === 0x75;
      this.at += 2;
      const low = isPaired ? this.#hex() : 0;
      if (code > 0xdbff || low < 0xdc00 || low > 0xdfff) this.refuse('has half of a surrogate pair');
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    if (code < 0x80) return out.byte(code);
    if (code < 0x800) out.byte(0xc0 | (code >> 6));
    else {
      if (code < 0x10000) out.byte(0xe0 | (code >> 12));
      else {
        out.byte(0xf0 | (code >> 18));
        out.byte(0x80 | ((code >> 12) & 0x3f));
      }
      out.byte(0x80 | ((code >> 6) & 0x3f));
    }
    out.byte(0x80 | (code & 0x3f));
  }

  #hex(): number {
    let value = 0;
    for (let index = 0; index < 4; index++) {
      const byte = this.bytes[this.at++] ?? 0;
      const digit = byte <= 0x39 ? byte - ZERO : (byte | 0x20) - 0x57;
      if (byte < ZERO || digit < 0 || digit > 15 || (byte > 0x39 && digit < 10)) refuse();
      value = value * 16 + digit;
    }
    return value;
  }

  /** The last string. */
  decoded(): string {
    return this.text.bytes.toString('utf8', this.from, this.to);
  }

  /** Reads a number. Refuses one that no double holds. */
  number(): number {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let scale = 0;
    let value = 0;
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    const first = at;
    let digit = (bytes[at] ?? 0) - ZERO;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digit = (bytes[++at] ?? 0) - ZERO;
    }
    let digits = at - first;
    if (digits === 0 || (digits > 1 && bytes[first] === ZERO)) refuse();
    if (bytes[at] === 0x2e) {
      const point = ++at;
      digit = (bytes[at] ?? 0) - ZERO;
      while (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digit = (bytes[++at] ?? 0) - ZERO;
      }
      scale = point - at;
      if (scale === 0) refuse();
      digits -= scale;
    }
    if (((bytes[at] ?? 0) | 0x20) === 0x65) {
      const sign = bytes[++at] ?? 0;
      if (sign === MINUS || sign === 0x2b) at++;
      const begin = at;
      let exponent = 0;
      digit = (bytes[at] ?? 0) - ZERO;
      while (digit >= 0 && digit <= 9) {
        exponent = exponent * 10 + digit;
        digit = (bytes[++at] ?? 0) - ZERO;
      }
      if (at === begin) refuse();
      scale += sign === MINUS ? -exponent : exponent;
    }
    this.at = at;
    if (digits > EXACT_DIGITS || scale > 22 || scale < -22) {
      value = Number(bytes.toString('latin1', start, at));
      if (!Number.isFinite(value)) this.refuse('is too large a number');
      return value;
    }
    if (scale > 0) value *= EXACT_POWERS[scale] ?? NaN;
    else if (scale < 0) value /= EXACT_POWERS[-scale] ?? NaN;
    return negative ? -value : value;
  }
}
