import { once } from 'node:events';
import { type IncomingMessage, type RequestListener, type ServerResponse, request as send } from 'node:http';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Got, ShopGateway } from './shop-gateway.fixture.js';

const shop = new ShopGateway();
const long = 'All of this has been said before. '.repeat(100);
/** Longer than what is compressed at once. */
const huge = Array.from({ length: 30_000 }, (_, line) => `line ${line}`).join('\n');

beforeAll(() =>
  shop.start(
    `
defaults: { compression: {} }
routes:
  - { path: /shop/**, service: shop }
  - { path: /cookies/**, service: shop, compression: { withCookies: true, codings: [gzip], minSize: 10B } }
`,
    { long: { id: 'long', content: long }, huge: { id: 'huge', content: huge }, short: { id: 'short' } },
  ),
);
afterAll(() => shop.stop());

const NOTHING: Record<string, string> = {};

const saying =
  (headers: Record<string, string>, body: string | Buffer = long, status = 200): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body);

const get = (accepted: string, headers: Record<string, string> = {}, path = '/shop/x', method = 'GET') =>
  shop.get(path, { 'accept-encoding': accepted, ...headers }, method);

const decoded = ({ headers, body }: Got): string => {
  const coding = headers['content-encoding'];
  if (coding === 'gzip') return gunzipSync(body).toString();
  if (coding === 'br') return brotliDecompressSync(body).toString();
  return (coding === 'zstd' ? zstdDecompressSync(body) : body).toString();
};

describe('an answer of a contract', () => {
  const call = async (id: string, accepted: string, method = 'GET') =>
    get(accepted, { authorization: `Bearer ${await shop.gateway.issuer.token()}` }, `/v1/posts/${id}`, method);

  it.each(['gzip', 'br', 'zstd'])(
    'is compressed as a whole by %s, and its length is that of what is sent',
    async (coding) => {
      const got = await call('long', coding);
      expect([got.status, got.headers['content-encoding'], got.headers.vary]).toEqual([200, coding, 'accept-encoding']);
      expect(got.headers['content-length']).toBe(String(got.body.length));
      expect(got.body.length).toBeLessThan(500);
      expect(JSON.parse(decoded(got))).toMatchObject({ content: long });
    },
  );

  it('that is large is compressed piece by piece', async () => {
    const got = await call('huge', 'gzip');
    expect(got.headers).not.toHaveProperty('content-length');
    expect(JSON.parse(decoded(got))).toMatchObject({ content: huge });
  });

  it('that is small is sent as it is', async () => {
    const { headers } = await call('short', 'gzip');
    expect(headers).not.toHaveProperty('content-encoding');
    expect(headers).not.toHaveProperty('vary');
  });

  it('has to HEAD the headers that it has to GET, but for the length that nobody has found out', async () => {
    const head = await call('long', 'gzip', 'HEAD');
    expect([head.status, head.body.length, head.headers['content-encoding']]).toEqual([200, 0, 'gzip']);
    expect(head.headers).not.toHaveProperty('content-length');
    expect((await call('short', 'gzip', 'HEAD')).headers['content-length']).toBe(
      (await call('short', 'gzip')).headers['content-length'],
    );
  });

  it('that is a refusal is compressed too, and a short one if it must be', async () => {
    const none = await call('none', 'gzip, identity;q=0');
    expect([none.status, none.headers['content-encoding'], none.headers['content-type']]).toEqual([
      404,
      'gzip',
      'application/problem+json',
    ]);
    expect(JSON.parse(decoded(none))).toMatchObject({ status: 404 });
  });
});

describe('an answer of a service', () => {
  it.each(['gzip', 'br', 'zstd'])('is compressed by %s', async (coding) => {
    shop.answer = saying({ etag: '"v1"', 'accept-ranges': 'bytes', vary: 'cookie' });
    const got = await get(coding);
    expect(got.headers).toMatchObject({ 'content-encoding': coding, etag: 'W/"v1"', vary: 'cookie, accept-encoding' });
    expect(got.headers).not.toHaveProperty('accept-ranges');
    expect(decoded(got)).toBe(long);
  });

  it('keeps the length and the strong tag that it has where the client takes no coding', async () => {
    shop.answer = saying({ etag: '"v1"', 'content-length': String(long.length) });
    const got = await get('identity');
    expect(got.headers).toMatchObject({ etag: '"v1"', 'content-length': String(long.length), vary: 'accept-encoding' });
    expect(got.body.toString()).toBe(long);
  });

  it.each([
    ['is compressed already', { 'content-encoding': 'gzip' }],
    ['is an image', { 'content-type': 'image/png' }],
    ['is a stream of events', { 'content-type': 'text/event-stream' }],
    ['must stay as it is', { 'cache-control': 'public, No-Transform' }],
    ['has a digest', { 'repr-digest': 'sha-256=:AAAA:' }],
    ['says that it is short', { 'content-length': '5' }, 'hello'],
  ])('that %s is not touched', async (_, headers, body = long) => {
    shop.answer = saying({ etag: '"v1"', ...headers }, body);
    const got = await get('gzip');
    expect(got.headers['content-encoding']).toBe((headers as Record<string, string>)['content-encoding']);
    expect([got.headers.etag, got.body.toString()]).toEqual(['"v1"', body]);
  });

  it('is not touched when the client wants it as it is', async () => {
    shop.answer = saying({});
    expect((await get('gzip', { 'cache-control': 'no-transform' })).headers).not.toHaveProperty('content-encoding');
  });

  it.each([
    [204, undefined],
    [206, undefined],
    [404, 'gzip'],
    [500, 'gzip'],
  ])('of status %s: %s', async (status, coding) => {
    shop.answer = saying(
      status === 206 ? { 'content-range': 'bytes 0-9/100' } : NOTHING,
      status === 204 ? '' : long,
      status,
    );
    const got = await get('gzip');
    expect([got.status, got.headers['content-encoding']]).toEqual([status, coding]);
  });

  it('that has not changed has the tag that it had, and has no body', async () => {
    shop.answer = saying({ etag: '"v1"' }, '', 304);
    const got = await get('gzip');
    expect([got.status, got.headers.etag, got.headers.vary, got.body.length]).toEqual([
      304,
      'W/"v1"',
      'accept-encoding',
      0,
    ]);
    expect((await get('')).headers.etag).toBe('"v1"');
  });

  it('to HEAD says the coding and no length', async () => {
    shop.answer = saying({ 'content-length': String(long.length) });
    const got = await get('gzip', {}, '/shop/x', 'HEAD');
    expect(got.headers['content-encoding']).toBe('gzip');
    expect(got.headers).not.toHaveProperty('content-length');
  });

  it('to a request with cookies is compressed only where that is allowed', async () => {
    shop.answer = saying({});
    const cookie = { cookie: 'sid=1' };
    const plain = await get('gzip', cookie);
    expect([plain.headers['content-encoding'], plain.headers.vary]).toEqual([undefined, 'accept-encoding']);
    expect((await get('gzip, br', cookie, '/cookies/x')).headers['content-encoding']).toBe('gzip');
    expect((await get('br', {}, '/cookies/x')).headers).not.toHaveProperty('content-encoding');
  });

  it('that breaks off is seen to be not whole', async () => {
    shop.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write(long, () => response.destroy());
    };
    await expect(get('gzip')).rejects.toThrow(/aborted|hang up/);
  });
});

describe('a stream', () => {
  /** What the service goes on to say once it is asked to, and the answer that the client gets. */
  async function opened(type: string, coding: string): Promise<[ServerResponse, IncomingMessage]> {
    const { promise, resolve } = Promise.withResolvers<ServerResponse>();
    shop.answer = (_, response) => resolve(response.writeHead(200, { 'content-type': type }));
    const headers = { 'accept-encoding': coding };
    const request = send({ port: shop.gateway.port, host: '127.0.0.1', path: '/shop/x', headers, agent: false }).end();
    const response = await promise;
    response.write('first\n');
    const [got] = (await once(request, 'response')) as [IncomingMessage];
    return [response, got];
  }

  it.each(['gzip', 'br', 'zstd'])('gives out each piece as it comes, by %s', async (coding) => {
    const [response, got] = await opened('application/x-ndjson', coding);
    const pieces = got.iterator();
    expect((await pieces.next()).value).toBeInstanceOf(Buffer); // the second has not been said yet
    response.end('second\n');
    while (!(await pieces.next()).done);
    expect(got.headers['content-encoding']).toBe(coding);
  });

  it('of events is not compressed', async () => {
    const [response, got] = await opened('text/event-stream; charset=utf-8', 'gzip');
    const pieces = got.iterator();
    expect(String((await pieces.next()).value)).toBe('first\n');
    response.end();
    while (!(await pieces.next()).done);
  });
});
