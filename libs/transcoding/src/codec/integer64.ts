import { type JsonReader, MINUS, QUOTE, ZERO } from './json-reader.js';
import { refuse } from './refused.js';

const TWO_32 = 2 ** 32;
const BILLION = 1e9;

/** The halves of a 64-bit number, the low one first; both unsigned. Reused: take them before the next one is read. */
export const half = { low: 0, high: 0 };

/**
 * Reads a whole number of 64 bits into `half`, in two's complement. A number that is not in quotes has the precision of
 * a double, as everywhere in JSON.
 */
export function readInteger64(json: JsonReader, signed: boolean): void {
  let negative: boolean;
  if (json.peek() === QUOTE) negative = readDigits(json);
  else {
    const value = json.number();
    negative = value < 0;
    const size = Math.abs(value);
    half.high = Math.floor(size / TWO_32);
    half.low = size - half.high * TWO_32;
    if (!Number.isInteger(value) || Object.is(value, -0)) refuse();
  }
  const { low, high } = half;
  if (high >= TWO_32 || (negative && !signed)) refuse();
  if (signed && high >= 2 ** 31 && !(negative && high === 2 ** 31 && low === 0)) refuse();
  if (!negative) return;
  half.low = -low >>> 0;
  half.high = (~high + (low === 0 ? 1 : 0)) >>> 0;
}

/** Reads digits in quotes: how large they are into `half`. True after a minus. */
function readDigits(json: JsonReader): boolean {
  const { bytes } = json;
  let at = json.at + 1;
  const negative = bytes[at] === MINUS;
  if (negative) at++;
  const first = at;
  // The last nine digits apart from those before them, so that doubles hold both.
  while (isDigit(bytes[at])) at++;
  const digits = at - first;
  if (digits === 0 || digits > 20 || bytes[at] !== QUOTE || (bytes[first] === ZERO && (digits > 1 || negative)))
    refuse();
  json.at = at + 1;
  const middle = Math.max(first, at - 9);
  const billions = valueOf(bytes, first, middle);
  // billions × 10^9 in two steps of 17 bits, so that no product exceeds 2^53.
  const upper = Math.floor(billions / 2 ** 17) * BILLION;
  const low = (upper % 2 ** 15) * 2 ** 17 + (billions % 2 ** 17) * BILLION + valueOf(bytes, middle, at);
  half.high = Math.floor(upper / 2 ** 15) + Math.floor(low / TWO_32);
  half.low = low % TWO_32;
  return negative;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= 0x39;

function valueOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + (bytes[at] ?? 0) - ZERO;
  return value;
}
