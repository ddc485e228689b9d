import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Code } from '@trellis/errors';
import { eventually } from '@trellis/testing';
import type { HttpCall } from '../rpc.js';
import { type Peer, RawShop, saying, told } from './raw-http.fixture.js';

const GET: HttpCall = { service: 'shop', method: 'GET', path: '/' };
const shop = new RawShop();
afterEach(() => shop.close());

const OK = 'HTTP/1.1 200 OK\r\n';

describe('the head of an answer', () => {
  it('is told with its words, its duplicates and its order', async () => {
    const head = 'HTTP/1.1 404 Nothing Here\r\nX-B: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nX-A: \xe9\r\n';
    const rpc = await shop.open([saying(`${head}Content-Length: 2\r\n\r\nno`)]);
    const { status, statusText, headers, body } = await rpc.http(GET);
    expect([status, statusText, await told(body)]).toEqual([404, 'Nothing Here', 'no']);
    const fields = ['x-b', '1', 'set-cookie', 'a=1', 'set-cookie', 'b=2', 'x-a', '\xe9', 'content-length', '2'];
    expect(headers).toEqual(fields);
  });

  it('comes after what is only informational, which is told apart', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n';
    const rpc = await shop.open([saying(`${hints}${OK}content-length: 4\r\n\r\nhere`)]);
    const told103: unknown[] = [];
    const { status, body } = await rpc.http({ ...GET, onInformation: (...about) => told103.push(about) });
    expect([status, await told(body)]).toEqual([200, 'here']);
    expect(told103).toEqual([
      [103, ['link', '</a.css>']],
      [102, []],
    ]);
  });

  it.each([
    ['HEAD', `${OK}content-length: 9\r\n\r\n`],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n'],
  ])('of %s is all of it where no body may follow: %j', async (method, bytes) => {
    const rpc = await shop.open([saying(bytes)]);
    const { headers, body } = await rpc.http({ ...GET, method });
    expect(await told(body)).toBe('');
    expect(headers.includes('9')).toBe(bytes.includes('9'));
  });
});

describe('the body of an answer', () => {
  it('goes on as fast as it is taken: the instance waits', async () => {
    const piece = 'x'.repeat(65_536);
    let written = 0;
    const pours = saying('');
    const rpc = await shop.open([
      (peer, nth) => {
        pours(peer, nth);
        peer.socket.write(`${OK}content-length: ${64 * piece.length}\r\n\r\n`);
        const pour = (): void => {
          while (written < 64 && peer.socket.write(piece)) written++;
          if (written < 64) peer.socket.once('drain', pour);
        };
        pour();
      },
    ]);
    const { body } = await rpc.http(GET);
    const sink = new PassThrough(); // nobody reads it
    const piped = body.pipeTo(sink);
    await eventually(() => expect(sink.writableNeedDrain).toBe(true));
    const taken = sink.readableLength + sink.writableLength;
    expect(taken).toBeLessThan(1_000_000);
    let read = 0;
    for await (const each of sink) read += (each as Buffer).length;
    await piped;
    expect(read).toBe(64 * piece.length);
  });

  it.each([
    ['of a known length', 'content-length: 9\r\n\r\nfirst'],
    ['in chunks', 'transfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n'],
    ['in chunks, at the last one', 'transfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n0\r\n'],
  ])('%s that breaks off breaks its reader off too', async (_, rest) => {
    const rpc = await shop.open([({ socket }) => socket.end(OK + rest), saying(OK)]);
    const { body } = await rpc.http(GET);
    const seen: string[] = [];
    const sink = new Writable({ write: (piece, _encoding, done) => void (seen.push(String(piece)), done()) });
    await expect(body.pipeTo(sink)).rejects.toMatchObject({ code: Code.UNAVAILABLE, reason: 'CONNECTION_LOST' });
    expect([sink.destroyed, sink.writableEnded]).toEqual([true, false]);
    expect(['', 'first']).toContain(seen.join(''));
  });

  it('without a length ends with the connection', async () => {
    const rpc = await shop.open([({ socket }) => socket.end(`${OK}connection: close\r\n\r\nall of it`)]);
    expect(await told((await rpc.http(GET)).body)).toBe('all of it');
  });

  it('is broken off when its reader goes away, before or meanwhile', async () => {
    const rpc = await shop.open([({ socket }) => void socket.write(`${OK}content-length: 9\r\n\r\nfirst`)]);
    const gone = new PassThrough().destroy();
    const first = (await rpc.http(GET)).body.pipeTo(gone);
    await expect(first).rejects.toMatchObject({ code: Code.CANCELLED });
    const sink = new PassThrough();
    const second = (await rpc.http(GET)).body.pipeTo(sink);
    sink.destroy();
    await expect(second).rejects.toMatchObject({ code: Code.CANCELLED });
    await eventually(() => expect(shop.servers[0]?.peers.map(({ socket }) => socket.destroyed)).toEqual([true, true]));
  });

  it('that is short keeps each of its bytes, in one piece or in several', async () => {
    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const chunk = Buffer.concat([Buffer.from('100\r\n'), every, Buffer.from('\r\n')]);
    const last = Buffer.from('0\r\n\r\n');
    const rpc = await shop.open([
      ({ socket }) => {
        socket.write(Buffer.concat([Buffer.from(`${OK}transfer-encoding: chunked\r\n\r\n`), chunk, chunk, last]));
      },
    ]);
    const sink = new PassThrough();
    await (await rpc.http(GET)).body.pipeTo(sink);
    expect(await buffer(sink)).toEqual(Buffer.concat([every, every]));
  });

  it('is handed over whole to one that is gone: nobody says that it arrived', async () => {
    const rpc = await shop.open([saying(`${OK}content-length: 4\r\n\r\nhere`)]);
    const { body } = await rpc.http(GET);
    await expect(body.pipeTo(new PassThrough().destroy())).rejects.toMatchObject({ code: Code.CANCELLED });
  });

  it('has its trailers told before the end', async () => {
    const rpc = await shop.open([saying(`${OK}transfer-encoding: chunked\r\n\r\n4\r\nhere\r\n0\r\nX-Sum: 7\r\n\r\n`)]);
    const { body } = await rpc.http(GET);
    const sink = new PassThrough();
    const trailers: unknown[] = [];
    await body.pipeTo(sink, (fields) => trailers.push(fields, sink.writableEnded));
    expect([trailers, String(sink.read())]).toEqual([[['x-sum', '7'], false], 'here']);
  });

  it('is read whole, up to a limit', async () => {
    const rpc = await shop.open([saying(`${OK}content-length: 4\r\n\r\nhere`)]);
    expect(await told((await rpc.http(GET)).body)).toBe('here');
    const { body } = await rpc.http(GET);
    await expect(body.bytes(3)).rejects.toMatchObject({ code: Code.INTERNAL, reason: 'ANSWER_TOO_LARGE' });
    await expect(body.bytes(4)).rejects.toThrow('read once');
  });

  it('that nobody wants costs the connection only when it is long', async () => {
    const long = `${OK}content-length: 100000\r\n\r\n${'x'.repeat(50_000)}`;
    const answers = (peer: Peer, nth: number): void => {
      const bytes = peer.received.startsWith('GET /long') ? long : `${OK}content-length: 4\r\n\r\nhere`;
      saying(bytes)(peer, nth);
    };
    const rpc = await shop.open([answers]);
    const connections = async (path: string): Promise<number | undefined> => {
      (await rpc.http({ ...GET, path })).body.dump();
      await turn();
      return shop.servers[0]?.peers.length;
    };
    expect([await connections('/'), await connections('/long'), await connections('/')]).toEqual([1, 1, 2]);
  });
});
