import { ConnectionError, ErrorCode } from './frame.js';

/**
 * Lengths in bits of the codes of bytes 0 to 255 and of the end of a string (RFC 7541, appendix B). The code is canonical:
 * codes of one length follow each other in the order of their symbols, so the lengths say it all.
 */
const LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6,
  5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23,
  22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22,
  23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26,
  20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27,
  27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27,
  27, 27, 27, 26, 30,
];
const END = 256;
const LONGEST = 30;

/** Symbols in the order of their codes, and for each length the first code and where its symbols begin. */
const SYMBOLS = LENGTHS.map((length, symbol) => ({ length, symbol })).sort(
  (a, b) => a.length - b.length || a.symbol - b.symbol,
);
const FIRST_CODE: number[] = [];
const FIRST_AT: number[] = [];
for (let length = 0, code = 0, at = 0; length <= LONGEST; length++) {
  FIRST_CODE.push(code);
  FIRST_AT.push(at);
  const count = LENGTHS.filter((each) => each === length).length;
  code = (code + count) * 2;
  at += count;
}

/** A Huffman-coded string. Throws for one that is not well formed. Bit by bit: the table of headers makes it rare. */
export function huffmanDecoded(bytes: Buffer): string {
  const text = Buffer.allocUnsafe(Math.floor((bytes.length * 8) / 5)); // no code is shorter
  let size = 0;
  let code = 0;
  let length = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      code = (code << 1) | ((byte >> bit) & 1);
      length++;
      const symbol = symbolOf(code, length);
      if (symbol === undefined) continue;
      if (symbol === END) throw malformed();
      text[size++] = symbol;
      code = length = 0;
    }
  }
  // What is left over must be padding: at most seven bits, all ones.
  if (length > 7 || code !== (1 << length) - 1) throw malformed();
  return text.toString('latin1', 0, size);
}

function symbolOf(code: number, length: number): number | undefined {
  if (length > LONGEST) throw malformed();
  const at = (FIRST_AT[length] ?? 0) + code - (FIRST_CODE[length] ?? 0);
  return at < (FIRST_AT[length + 1] ?? SYMBOLS.length) && code >= (FIRST_CODE[length] ?? 0)
    ? SYMBOLS[at]?.symbol
    : undefined;
}

const malformed = () => new ConnectionError(ErrorCode.COMPRESSION_ERROR, 'a string that is not well formed');
