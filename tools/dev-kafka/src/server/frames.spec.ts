import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MalformedRequest } from '../wire/reader.js';
import { Frames } from './frames.js';

function framed(request: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(request.length);
  return Buffer.concat([length, request]);
}

describe('Frames', () => {
  it('finds the same requests however the network cuts them', () => {
    const request = fc.uint8Array({ minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(request), fc.array(fc.integer({ min: 1, max: 30 })), (requests, cuts) => {
        const stream = Buffer.concat(requests.map(framed));
        const frames = new Frames(40);
        const found: Buffer[] = [];
        let position = 0;
        for (const size of [...cuts, stream.length]) {
          found.push(...frames.push(stream.subarray(position, position + size)));
          position += size;
        }
        expect(found.map((each) => new Uint8Array(each))).toEqual(requests);
        expect(frames.pending).toBe(0);
      }),
    );
  });

  it.each([-1, 0, 7, 41, 2 ** 31 - 1])('refuses a request of %d bytes as soon as it says so', (length) => {
    const head = Buffer.alloc(4);
    head.writeInt32BE(length);
    expect(() => new Frames(40).push(head)).toThrow(MalformedRequest);
  });
});
