import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameReader, LARGEST_ANSWER, frameOf } from './grpc-frame.js';

/** Feeds the bytes, cut at these places, from memory that is used again each time. */
function read(bytes: Buffer, cuts: readonly number[]) {
  const reader = new FrameReader();
  const memory = Buffer.alloc(bytes.length);
  const places = [...new Set([...cuts, bytes.length])].sort((a, b) => a - b);
  let from = 0;
  for (const to of places) {
    const piece = memory.subarray(0, bytes.copy(memory, 0, from, to));
    const fault = reader.add(piece);
    if (fault) return { fault };
    memory.fill(0xee);
    from = to;
  }
  return { message: reader.message() };
}

const messages = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes));

describe('a framed message', () => {
  it('comes back, however it was cut', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.nat(2_005)), (message, cuts) => {
        const frame = frameOf(message);
        const places = cuts.filter((at) => at < frame.length);
        expect(read(frame, places).message?.equals(message)).toBe(true);
      }),
    );
  });

  it('is incomplete for as long as a byte is missing', () => {
    fc.assert(
      fc.property(messages, fc.nat(), (message, at) => {
        const frame = frameOf(message);
        expect(read(frame.subarray(0, at % frame.length), [])).toEqual({ message: undefined });
      }),
    );
  });

  it.each([
    ['more than one message', Buffer.concat([frameOf(Buffer.from('a')), Buffer.from([0])])],
    ['compressed', Buffer.from([1, 0, 0, 0, 0])],
    ['too large', Buffer.from([0, 0, 0x40, 0, 1])],
  ])('that is %s is refused, however it was cut', (fault, bytes) => {
    for (let at = 0; at <= bytes.length; at++) expect(read(bytes, [at])).toEqual({ fault });
  });

  it('may be as large as allowed', () => {
    expect(read(frameOf(Buffer.alloc(LARGEST_ANSWER)), [3, 100_000]).message?.length).toBe(LARGEST_ANSWER);
  });
});
