import type { JsonReader } from './json-reader.js';
import { refuse } from './refused.js';
import type { WireWriter } from './wire-writer.js';

const NONE = 64;

/** The six bits of each character, of the ordinary alphabet or of the one for URLs (RFC 4648, sections 4 and 5). */
const BITS = new Uint8Array(256).fill(NONE);
for (const [index, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  BITS[character.charCodeAt(0)] = index;
}
BITS['-'.charCodeAt(0)] = 62;
BITS['_'.charCodeAt(0)] = 63;

/** Writes the bytes that the last string of `json` is the base64 of, with its padding or without. */
export function readBase64({ text: { bytes: text }, from, to }: JsonReader, wire: WireWriter): void {
  let end = to;
  if ((to - from) % 4 === 0 && text[to - 1] === 0x3d) end -= text[to - 2] === 0x3d ? 2 : 1;
  let at = from;
  for (; at + 3 < end; at += 4) {
    const first = BITS[text[at] ?? 0] ?? NONE;
    const second = BITS[text[at + 1] ?? 0] ?? NONE;
    const third = BITS[text[at + 2] ?? 0] ?? NONE;
    const fourth = BITS[text[at + 3] ?? 0] ?? NONE;
    if ((first | second | third | fourth) >= NONE) refuse();
    wire.byte((first << 2) | (second >> 4));
    wire.byte((second << 4) | (third >> 2));
    wire.byte((third << 6) | fourth);
  }
  const left = end - at;
  if (left === 0) return;
  const first = BITS[text[at] ?? 0] ?? NONE;
  const second = BITS[text[at + 1] ?? 0] ?? NONE;
  const third = left === 3 ? (BITS[text[at + 2] ?? 0] ?? NONE) : 0;
  if (left === 1 || (first | second | third) >= NONE) refuse();
  wire.byte((first << 2) | (second >> 4));
  if (left === 3) wire.byte((second << 4) | (third >> 2));
}
