import type { Writable } from 'node:stream';

/** Bytes. Up to here a body is worth a copy. */
export const SHORT = 16_384;

/**
 * Ends an answer with its whole body when all that has come in this turn of the loop is read, so that the answers of one turn go
 * out one after the other: whoever waits for them is woken once, and not for each, which under load is a quarter of an HTTP hop.
 *
 * A short one is written as text of one byte for each character: node:http puts that behind the head and both out at once,
 * where a Buffer would be a write of its own, which costs a tenth of the hop.
 */
export function endTogether(writable: Writable, body: Uint8Array): void {
  setImmediate(end, writable, body);
}

function end(writable: Writable, { buffer, byteOffset, byteLength }: Uint8Array): void {
  const body = Buffer.from(buffer, byteOffset, byteLength);
  if (byteLength > SHORT) writable.end(body);
  else writable.end(body.toString('latin1'), 'latin1');
}
