/** Looking at four bytes at once. https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord */

export const HIGH_BITS = 0x80808080 | 0;
const ONES = 0x01010101;
const SPACES = 0x20202020;
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;

/**
 * The high bit of each byte that cannot stand in a JSON string as it is: a control, a quote or a backslash. Above the lowest
 * such byte, bits may be set for others too.
 */
export const specialBytes = (word: number): number =>
  ((word - SPACES) | ((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES)) & ~word & HIGH_BITS;

/** Which byte of the word has the lowest bit that is set, from 0. */
export const lowestByte = (bits: number): number => (31 - Math.clz32(bits & -bits)) >> 3;

/** The word's first bytes, `count` of them from 0 to 3. */
export const firstBytes = (word: number, count: number): number => word & ((1 << (8 * count)) - 1);

/** The word's first bytes, with spaces after them. */
export const padded = (word: number, count: number): number =>
  firstBytes(word, count) | (SPACES & ~((1 << (8 * count)) - 1));
