import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameParser } from './frame-parser.js';
import { ConnectionError, ErrorCode, FRAME_HEADER, LARGEST_PAYLOAD } from './frame.js';

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: string;
}

const byte = fc.nat(255);
const frames = fc.array(
  fc.record<Frame>({
    type: byte,
    flags: byte,
    stream: fc.nat(2 ** 31 - 1),
    payload: fc.string({ unit: 'binary-ascii', maxLength: 100 }),
  }),
  { maxLength: 20 },
);

function written({ type, flags, stream, payload }: Frame): Buffer {
  const header = Buffer.alloc(FRAME_HEADER);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, Buffer.from(payload, 'latin1')]);
}

it('frames come out as they went in, however they were cut', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 60 })), (wanted, sizes) => {
      const got: Frame[] = [];
      const parser = new FrameParser((type, flags, stream, payload) => {
        got.push({ type, flags, stream, payload: payload.toString('latin1') });
      });
      const bytes = Buffer.concat(wanted.map(written));
      const memory = Buffer.alloc(Math.max(1, bytes.length));
      for (let from = 0, i = 0; from < bytes.length; i++) {
        const size = sizes[i] ?? bytes.length;
        parser.feed(memory.subarray(0, bytes.copy(memory, 0, from, from + size)));
        memory.fill(0xee); // as a socket does that reads into the same memory again
        from += size;
      }
      expect(got).toEqual(wanted);
    }),
  );
});

it('a frame longer than was agreed ends the connection as soon as its length is known', () => {
  const parser = new FrameParser(() => undefined);
  const header = Buffer.alloc(FRAME_HEADER);
  header.writeUIntBE(LARGEST_PAYLOAD + 1, 0, 3);
  expect(() => parser.feed(header)).toThrow(new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'a frame of 16385 bytes'));
});
