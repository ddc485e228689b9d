import type { Bytes } from './byte-source.js';
import { HIGH_BITS } from './words.js';

/** Whether the bytes are well-formed UTF-8: nothing overlong, no surrogates, nothing above U+10FFFF (RFC 3629, section 4). */
export function isUtf8({ bytes, view }: Bytes, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    while (at + 4 <= end && (view.getInt32(at, true) & HIGH_BITS) === 0) at += 4;
    const size = at < end ? sizeOfCharacter(bytes, at, end) : 0;
    if (size === 0) return at === end;
    at += size;
  }
  return true;
}

/** How many bytes the character at `at` takes; 0 when there is none. */
function sizeOfCharacter(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const second = at + 1 < end ? (bytes[at + 1] ?? 0) : 0;
  if (lead < 0xe0) return lead >= 0xc2 && isNext(second) ? 2 : 0;
  if (at + 2 >= end || !isNext(bytes[at + 2] ?? 0)) return 0;
  if (lead < 0xf0) {
    const lowest = lead === 0xe0 ? 0xa0 : 0x80;
    return second >= lowest && second <= (lead === 0xed ? 0x9f : 0xbf) ? 3 : 0;
  }
  if (lead > 0xf4 || at + 3 >= end || !isNext(bytes[at + 3] ?? 0)) return 0;
  const lowest = lead === 0xf0 ? 0x90 : 0x80;
  return second >= lowest && second <= (lead === 0xf4 ? 0x8f : 0xbf) ? 4 : 0;
}

const isNext = (byte: number): boolean => byte >= 0x80 && byte <= 0xbf;
