import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MalformedRequest, WireReader } from './reader.js';
import { WireWriter } from './writer.js';

const HEAD = 8;
const body = (writer: WireWriter): Buffer => writer.framed(7).subarray(HEAD);

describe('what is written', () => {
  it('is read back the same', () => {
    const record = fc.record({
      small: fc.integer({ min: -128, max: 127 }),
      medium: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
      large: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      huge: fc.maxSafeInteger(),
      truth: fc.boolean(),
      text: fc.option(fc.string({ unit: 'grapheme' })),
      bytes: fc.uint8Array(),
    });
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const writer = new WireWriter();
        writer.array(records, (each) => {
          writer.int8(each.small).int16(each.medium).int32(each.large).int64(each.huge);
          writer.boolean(each.truth).string(each.text).bytes(Buffer.from(each.bytes));
        });
        const reader = new WireReader(body(writer));
        const read = reader.array(() => ({
          small: reader.int8(),
          medium: reader.int16(),
          large: reader.int32(),
          huge: reader.int64(),
          truth: reader.boolean(),
          text: reader.nullableString(),
          bytes: new Uint8Array(reader.bytes()),
        }));
        expect(read).toEqual(records);
      }),
    );
  });

  it('is framed with its length and the number of its request', () => {
    const frame = new WireWriter().int16(5).framed(77);
    expect([frame.length, frame.readInt32BE(0), frame.readInt32BE(4)]).toEqual([10, 6, 77]);
  });
});

describe('a request that lies', () => {
  it.each([
    ['ends within a number', Buffer.alloc(3), (reader: WireReader) => reader.int32()],
    ['ends within a string', Buffer.from([0, 9, 65]), (reader: WireReader) => reader.string()],
    ['has null for a string', Buffer.from([255, 255]), (reader: WireReader) => reader.string()],
    ['claims a huge array', Buffer.from([127, 255, 255, 255, 0]), (reader: WireReader) => reader.array(() => 0)],
    ['has a number beyond 2^53', Buffer.alloc(8, 0x7f), (reader: WireReader) => reader.int64()],
  ])('is refused when it %s', (_how, bytes, read) => {
    expect(() => read(new WireReader(bytes))).toThrow(MalformedRequest);
  });
});
