import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { instanceAt } from '@trellis/discovery/testing';
import { Code } from '@trellis/errors';
import { eventually } from '@trellis/testing';
import { deadAddress } from '../platform.fixture.js';
import type { HttpCall } from '../rpc.js';
import { RawHttp, RawShop, type Script, saying, told } from './raw-http.fixture.js';

const POST: HttpCall = { service: 'shop', method: 'POST', path: '/' };
const shop = new RawShop();
afterEach(() => shop.close());

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhere';

/** Answers when so much has come. */
const after =
  (end: string | number, bytes = OK): Script =>
  ({ socket, received }) => {
    if (typeof end === 'string' ? received.endsWith(end) : received.length >= end) socket.write(bytes);
  };

describe('a request with a stream', () => {
  it('is sent in chunks, or with the length that the caller knows', async () => {
    const rpc = await shop.open([after('the end'), after('0\r\n\r\n')]);
    const body = () => Readable.from([Buffer.from('not yet '), Buffer.from('the end')]);
    const known = await rpc.http({ ...POST, body: body(), headers: ['content-length', '15'] });
    const unknown = await rpc.http({ ...POST, body: body() });
    expect([await told(known.body), await told(unknown.body)]).toEqual(['here', 'here']);
    const [first, second] = shop.received;
    expect(first).toMatch(/\r\ncontent-length: 15\r\n\r\nnot yet the end$/);
    expect(first).not.toMatch(/transfer-encoding/i);
    expect(second).toMatch(/\r\ntransfer-encoding: chunked\r\n\r\n8\r\nnot yet \r\n7\r\nthe end\r\n0\r\n\r\n$/);
    expect(second).not.toMatch(/content-length/i);
  });

  it('goes up as fast as the instance takes it', async () => {
    let waits = true;
    const rpc = await shop.open([({ socket }) => waits && socket.pause()]);
    let asked = 0;
    const source = new Readable({ read: () => void source.push(Buffer.alloc(16_384, ++asked)) });
    const answer = rpc.http({ ...POST, body: source });
    await eventually(() => expect(source.readableFlowing).toBe(false));
    const before = asked;
    waits = false;
    shop.servers[0]?.peers[0]?.socket.resume();
    await eventually(() => expect(asked).toBeGreaterThan(before + 100));
    shop.servers[0]?.stop();
    await expect(answer).rejects.toMatchObject({ reason: 'CONNECTION_LOST' });
  });

  it('goes to another instance as long as nothing of it was taken', async () => {
    const good = new RawHttp(after('0\r\n\r\n'));
    shop.servers.push(good);
    const http = { protocol: 'http' } as const;
    const rpc = shop.to([
      instanceAt('shop', await deadAddress(), { ...http, id: 'a' }),
      instanceAt('shop', await good.start(), { ...http, id: 'b' }),
    ]);
    const { attempts, body } = await rpc.http({ ...POST, body: Readable.from([Buffer.from('once')]) });
    expect([attempts, await told(body)]).toEqual([2, 'here']);
  });

  it.each<[string, Script]>([
    ['was cut off', ({ socket }) => socket.destroy()],
    ['was refused', saying('HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n')],
  ])('is sent once, even where the method may be repeated: it %s', async (_, script) => {
    const rpc = await shop.open([script, after('0\r\n\r\n')]);
    const source = Readable.from([Buffer.from('once')]);
    const told = await rpc.http({ ...POST, method: 'PUT', body: source }).then(
      ({ status }) => status,
      ({ reason }) => reason,
    );
    expect(['CONNECTION_LOST', 503]).toContain(told);
    expect(shop.servers[1]?.peers).toEqual([]);
  });

  it('leaves the stream to the caller when it fails: what is left of it can be read', async () => {
    const rpc = await shop.open([({ socket }) => socket.destroy()]);
    const source = new PassThrough();
    source.write('first');
    await expect(rpc.http({ ...POST, body: source })).rejects.toMatchObject({ reason: 'CONNECTION_LOST' });
    expect(['data', 'end', 'error', 'close'].map((name) => source.listenerCount(name))).toEqual([0, 0, 0, 0]);
    source.end('last');
    const rest = await source.toArray();
    expect([String(rest.at(-1)), source.errored]).toEqual(['last', null]);
  });

  it('is answered before it is over, and needs not be over then', async () => {
    const refuses = saying('HTTP/1.1 413 Too Large\r\ncontent-length: 4\r\n\r\nlong');
    const rpc = await shop.open([refuses, saying(OK)]);
    const source = new PassThrough();
    source.write('the first of much');
    const { status, body } = await rpc.http({ ...POST, body: source });
    expect([status, await told(body)]).toEqual([413, 'long']);
    expect([source.destroyed, source.errored]).toEqual([false, null]);
    await once(shop.servers[0]?.peers[0]?.socket ?? source, 'close'); // with half a request on it nobody else can use it
    source.destroy();
  });

  it('ends when its stream breaks, and its instance is not blamed', async () => {
    const rpc = await shop.open([() => undefined], {
      defaults: { breaker: { minimum: 1 }, outlier: { consecutive: 1 } },
    });
    for (const cause of [new Error('gone'), undefined]) {
      const source = new PassThrough();
      source.write('first');
      const answer = rpc.http({ ...POST, body: source });
      await eventually(() => expect(shop.received.at(-1)).toContain('first'));
      source.on('error', () => undefined).destroy(cause);
      await expect(answer).rejects.toMatchObject({ code: Code.CANCELLED });
    }
    const broken = new PassThrough().destroy();
    await expect(rpc.http({ ...POST, body: broken })).rejects.toMatchObject({ code: Code.CANCELLED });
  });

  it('that is over before it began has no body', async () => {
    const rpc = await shop.open([saying(OK)]);
    const source = new PassThrough().end().resume();
    await once(source, 'end');
    expect((await rpc.http({ ...POST, body: source })).status).toBe(200);
  });
});

it('a large body in memory arrives whole, and again at another instance', async () => {
  const large = Buffer.alloc(300_000, 'x');
  const rpc = await shop.open([({ socket }) => socket.destroy(), after(300_000)]);
  const { attempts } = await rpc.http({ ...POST, body: large, idempotent: true });
  expect(attempts).toBe(2);
  const [, got = ''] = shop.received;
  expect(got).toMatch(/\r\ncontent-length: 300000\r\n\r\nx+$/);
  expect(got.length - got.indexOf('\r\n\r\n') - 4).toBe(300_000);
});

describe('what may not go on the wire', () => {
  it.each<[string, Partial<HttpCall>]>([
    ['a line break in a value', { headers: ['x-a', 'b\r\nx-admin: 1'] }],
    ['a bare line feed in a value', { headers: { 'x-a': 'b\nc' } }],
    ['a NUL in a value', { headers: ['x-a', 'b\0c'] }],
    ['a line break in a repeated value', { headers: { 'x-a': ['b', 'c\r\nd'] } }],
    ['a name that is none', { headers: ['x a', 'b'] }],
    ['a line break in a name', { headers: ['x-a: 1\r\nx-b', 'c'] }],
    ['a character that has no byte', { headers: ['x-a', '\u{1f600}'] }],
    ['a framing of its own', { headers: ['transfer-encoding', 'chunked'], body: Buffer.from('x') }],
    ['two lengths', { headers: ['content-length', '1', 'content-length', '2'], body: Buffer.from('x') }],
    ["a length that is not the body's", { headers: ['content-length', '7'], body: Buffer.from('x') }],
    ['a length that is no number', { headers: ['content-length', '+1'], body: Buffer.from('x') }],
    ['two hosts', { headers: ['host', 'a', 'host', 'b'] }],
    ['an upgrade that nobody asked for', { headers: ['upgrade', 'h2c'] }],
    ['a wish to be asked first', { headers: ['expect', '100-continue'] }],
    ['a line break in the path', { path: '/a HTTP/1.1\r\nhost: b\r\n\r\nGET /' }],
    ['a space in the path', { path: '/a b' }],
    ['a path that is none', { path: 'a' }],
    ['a method that is none', { method: 'GET /\r\n' }],
  ])('%s', async (_, faulty) => {
    const rpc = await shop.open([saying(OK), saying(OK)]);
    const error = { code: Code.INTERNAL, reason: 'HEADER_INVALID' };
    await expect(rpc.http({ ...POST, idempotent: true, ...faulty })).rejects.toMatchObject(error);
    expect(shop.received.join('')).toBe('');
    expect((await rpc.http(POST)).status).toBe(200);
  });

  it('more or less of a stream than was said', async () => {
    const rpc = await shop.open([after('!'), after('!')]);
    for (const pieces of ['xx', 'xxxx\r\n\r\nGET /admin HTTP/1.1\r\n\r\n']) {
      const body = Readable.from([Buffer.from(pieces)]);
      const answer = rpc.http({ ...POST, body, headers: ['content-length', '4'] });
      await expect(answer).rejects.toMatchObject({ reason: 'HEADER_INVALID' });
    }
    expect(shop.received.join('')).not.toContain('admin');
  });
});

it('the connection closes as a request is written: nobody knows whether it arrived', async () => {
  // Answers once, and hangs up as soon as the next request is there.
  const hangsUp: Script = ({ socket, received }) => {
    if (received.split('\r\n\r\n').length === 2) socket.write(OK);
    else socket.resetAndDestroy();
  };
  const rpc = await shop.open([hangsUp]);
  await told((await rpc.http({ ...POST, method: 'GET' })).body);
  await turn(); // then the connection is free again
  await expect(rpc.http(POST)).rejects.toMatchObject({ reason: 'CONNECTION_LOST' });
  expect(shop.servers[0]?.peers).toHaveLength(1);
});

it('an idle connection that the instance has closed is not used again', async () => {
  const rpc = await shop.open([saying(OK)]);
  for (let n = 1; n <= 3; n++) {
    await told((await rpc.http(POST)).body);
    const { socket } = shop.servers[0]?.peers.at(-1) ?? {};
    socket?.end();
    if (socket) await once(socket, 'close');
    expect(shop.servers[0]?.peers).toHaveLength(n);
  }
});
