/** 32 hex digits that are not all zero, as W3C's trace context wants them. They identify, and protect nothing. */
export const newTraceId = (): string => hex32() + hex32() + hex32() + hex32();

/** 16 hex digits. */
export const newSpanId = (): string => hex32() + hex32();

/** Of each byte. To look four up takes a quarter of what it takes to have a number written. */
const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Eight digits of at least 1: so no id is all zero. */
function hex32(): string {
  const n = 1 + Math.floor(Math.random() * 0xffff_ffff);
  return `${DIGITS[n >>> 24]}${DIGITS[(n >>> 16) & 0xff]}${DIGITS[(n >>> 8) & 0xff]}${DIGITS[n & 0xff]}`;
}
