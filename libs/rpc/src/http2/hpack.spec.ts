import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Connection } from './connection.js';
import { ConnectionError } from './frame.js';
import { type Fields, HpackDecoder } from './hpack-decoder.js';
import { HeaderBlock, preparedBlock } from './hpack-encoder.js';
import { huffmanDecoded } from './huffman.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const decoded = (decoder: HpackDecoder, text: string) => ({ ...decoder.decode(hex(text)) });

describe('the examples of RFC 7541, appendix C', () => {
  it('C.3: requests without Huffman coding, the later ones from the table', () => {
    const decoder = new HpackDecoder();
    const first = { ':method': 'GET', ':scheme': 'http', ':path': '/', ':authority': 'www.example.com' };
    expect(decoded(decoder, '828684410f7777772e6578616d706c652e636f6d')).toEqual(first);
    expect(decoded(decoder, '828684be58086e6f2d6361636865')).toEqual({ ...first, 'cache-control': 'no-cache' });
  });

  it('C.4: the same with Huffman coding', () => {
    const decoder = new HpackDecoder();
    const first = { ':method': 'GET', ':scheme': 'http', ':path': '/', ':authority': 'www.example.com' };
    expect(decoded(decoder, '828684418cf1e3c2e5f23a6ba0ab90f4ff')).toEqual(first);
    expect(decoded(decoder, '828684be5886a8eb10649cbf')).toEqual({ ...first, 'cache-control': 'no-cache' });
    expect(decoded(decoder, '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf')).toEqual({
      ':method': 'GET',
      ':scheme': 'https',
      ':path': '/index.html',
      ':authority': 'www.example.com',
      'custom-key': 'custom-value',
    });
  });
});

const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const values = fc.oneof(
  fc.stringMatching(/^[ -~]{0,40}$/),
  fc.integer({ min: 100, max: 3_000 }).map((n) => 'x'.repeat(n)),
);

it('what the encoder writes is what a decoder reads', () => {
  fc.assert(
    fc.property(fc.dictionary(names, values, { noNullPrototype: true }), (fields) => {
      const block = new HeaderBlock();
      block.begin(Buffer.alloc(0));
      for (const [name, value] of Object.entries(fields)) expect(block.add(name, value)).toBe(true);
      expect({ ...new HpackDecoder().decode(block.bytes) }).toEqual(fields);
    }),
  );
});

it('no bytes do more than a connection error', () => {
  const decoder = new HpackDecoder();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const read of [() => decoder.decode(Buffer.from(bytes)), () => huffmanDecoded(Buffer.from(bytes))]) {
        try {
          read();
        } catch (error) {
          expect(error).toBeInstanceOf(ConnectionError);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

it('a few bytes cannot stand for endless headers', () => {
  const decoder = new HpackDecoder();
  const value = 3_120; // as a number with a prefix of seven bits: 127, then the rest in groups of seven
  const length = Buffer.from([127, ((value - 127) & 127) | 128, (value - 127) >> 7]);
  const block = Buffer.concat([hex('40 01 61'), length, Buffer.alloc(value, 'x')]);
  expect(decoder.decode(block)?.['a']).toHaveLength(value);
  expect(decoder.decode(Buffer.alloc(5_000, 0xbe))).toBeUndefined();
  expect(decoder.decode(Buffer.from([0xbe]))?.['a']).toHaveLength(value); // and the table is whole
});

it('reads what nghttp2 writes: every character, and a table that fills and empties', async () => {
  const wanted: Record<string, string>[] = Array.from({ length: 200 }, (_, i) => ({
    [`x-${i % 7}`]: String.fromCharCode(
      ...Array.from({ length: 1 + (i % 90) }, (__, at) => 32 + ((i * 7 + at * 13) % 95)),
    ).trim(),
    'x-long': 'y'.repeat((i * 37) % 900),
    'grpc-status': String(i % 17),
  }));
  const server = createServer().on('stream', (stream) => {
    const fields = wanted[(stream.id ?? 0) >> 1];
    stream.respond({ ':status': 200, ...fields }, { endStream: true });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const got = await answersOf((server.address() as AddressInfo).port, wanted.length);
  got.forEach((fields, at) => expect({ ...fields }).toMatchObject(wanted[at] ?? {}));
  server.close();
});

/** The headers of so many answers, one after the other on one connection. */
async function answersOf(port: number, count: number): Promise<Fields[]> {
  const ready = Promise.withResolvers<void>();
  const nothing = () => undefined;
  const events = { ready: ready.resolve, room: nothing, draining: nothing, closed: ready.reject };
  const connection = new Connection({ host: '127.0.0.1', port, connectTimeout: 10_000 }, events);
  await ready.promise;
  const request =
    preparedBlock([
      [':path', '/'],
      [':authority', 'a'],
    ]) ?? Buffer.alloc(0);
  const got: Fields[] = [];
  for (let i = 0; i < count; i++) {
    const fields = await new Promise<Fields | undefined>((resolve, reject) => {
      connection.open(request, Buffer.from('x'), { head: resolve, data: nothing, broken: reject });
    });
    got.push(fields ?? {});
  }
  connection.close();
  return got;
}
