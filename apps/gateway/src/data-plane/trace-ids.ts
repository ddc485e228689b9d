/** 32 hex digits that are not all zero, as W3C's trace context wants them. They identify, and protect nothing. */
export const newTraceId = (): string => hex32() + hex32() + hex32() + hex32();

/** 16 hex digits. */
export const newSpanId = (): string => hex32() + hex32();

const EIGHT_ZEROS = '00000000';

/** Eight digits of at least 1: so no id is all zero. */
function hex32(): string {
  const text = (1 + Math.floor(Math.random() * 0xffff_ffff)).toString(16);
  return text.length === 8 ? text : EIGHT_ZEROS.slice(text.length) + text;
}
