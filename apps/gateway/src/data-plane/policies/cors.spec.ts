import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseConfigFile } from '@trellis/config-file';
import { gatewayFile } from '../../file/gateway-file.js';
import { type Got, ShopGateway } from './shop-gateway.fixture.js';

const shop = new ShopGateway();
beforeAll(async () => {
  await shop.start(
    `
defaults:
  cors: { origins: [https://app.example.com, "https://*.trusted.test:8443"], credentials: true, maxAge: 2m }
routes:
  - { path: /rare/**, service: shop, limitPerAddress: { requests: 1, per: 60s } }
  - { path: /any/**, service: shop, cors: { origins: "*", headers: "*", exposedHeaders: [x-thing] } }
  - { path: /few/**, service: shop, cors: { origins: [https://app.example.com], methods: [GET] } }
  - { path: /none/**, service: shop, cors: false }
`,
    { p1: { id: 'p1', title: 'First' } },
  );
});
afterAll(() => shop.stop());

const APP = 'https://app.example.com';

const ask = (path: string, origin: string, method: string, headers?: string) =>
  shop.get(
    path,
    {
      origin,
      'access-control-request-method': method,
      ...(headers !== undefined && { 'access-control-request-headers': headers }),
    },
    'OPTIONS',
  );

const granted = ({ headers }: Got) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => /^access-control-|^vary$/.test(name)));

describe('a preflight', () => {
  it('is answered for the method that it asks about, without a token and without the service', async () => {
    const got = await ask('/v1/posts/p1', APP, 'DELETE', 'authorization');
    expect(got.status).toBe(204);
    expect(got.body).toHaveLength(0);
    expect(got.headers).not.toHaveProperty('content-length');
    expect(got.headers['x-request-id']).toEqual(expect.any(String));
    expect(granted(got)).toEqual({
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '120',
      'access-control-expose-headers': expect.any(String),
      vary: 'access-control-request-method, access-control-request-headers, origin',
    });
  });

  it('is answered as the defaults say where there is no route, so that the page can read that there is none', async () => {
    const before = shop.seen.length;
    for (const [path, method, status] of [
      ['/v1/nothing', 'GET', 404],
      ['/v1/posts/p1', 'PUT', 405],
    ] as const) {
      const asked = await ask(path, APP, method);
      expect([asked.status, granted(asked)['access-control-allow-methods']]).toEqual([204, method]);
      const got = await shop.get(path, { origin: APP }, method);
      expect([got.status, got.headers['access-control-allow-origin']]).toEqual([status, APP]);
      expect((await ask(path, 'https://evil.test', method)).headers).not.toHaveProperty('access-control-allow-origin');
    }
    expect(shop.seen.length).toBe(before);
  });

  it('gets no grant where there is no policy', async () => {
    expect(granted(await ask('/none/x', APP, 'GET'))).toEqual({});
    expect(shop.seen.at(-1)?.method).toBe('OPTIONS'); // the service may know better
  });

  it('gets no grant for another origin', async () => {
    const got = await ask('/v1/posts/p1', 'https://evil.test', 'GET');
    expect([got.status, Object.keys(granted(got))]).toEqual([204, ['vary']]);
  });

  it('gets no grant for a method that is not named', async () => {
    expect(granted(await ask('/few/x', APP, 'GET'))).toMatchObject({ 'access-control-allow-methods': 'GET' });
    expect(granted(await ask('/few/x', APP, 'PUT'))).not.toHaveProperty('access-control-allow-methods');
  });

  it('is told the headers that it asks for where any will do', async () => {
    expect(granted(await ask('/any/x', 'https://evil.test', 'PUT', 'x-a,authorization'))).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'x-a,authorization',
      'access-control-allow-methods': 'PUT',
    });
  });

  it('is none without an origin or without a method: the service answers', async () => {
    const before = shop.seen.length;
    await shop.get('/any/x', { origin: APP }, 'OPTIONS');
    await shop.get('/any/x', { 'access-control-request-method': 'GET' }, 'OPTIONS');
    expect(shop.seen.length).toBe(before + 2);
  });
});

describe('an answer', () => {
  it.each([
    [APP, APP],
    ['https://a.trusted.test:8443', 'https://a.trusted.test:8443'],
    ['https://a.b.trusted.test:8443', 'https://a.b.trusted.test:8443'],
    ['https://trusted.test:8443', undefined],
    ['https://a.trusted.test', undefined],
    ['http://a.trusted.test:8443', undefined],
    ['https://evil.test/.trusted.test:8443', undefined],
    ['https://evil.test#.trusted.test:8443', undefined],
    ['https://app.example.com.evil.test', undefined],
    ['https://APP.example.com', undefined],
    ['null', undefined],
  ])('for %s names %s, and says that it depends', async (origin, allowed) => {
    const got = await shop.get('/v1/posts/p1', { origin });
    expect(got.status).toBe(401); // an error too
    expect(got.headers['access-control-allow-origin']).toBe(allowed);
    expect(got.headers['access-control-allow-credentials']).toBe(allowed && 'true');
    expect(got.headers.vary).toBe('origin');
  });

  it('to a request without an origin depends on it all the same', async () => {
    expect(granted(await shop.get('/v1/posts/p1'))).toEqual({ vary: 'origin' });
  });

  it('lets pages read that they came too often', async () => {
    await shop.get('/rare/x');
    const got = await shop.get('/rare/x', { origin: APP });
    expect([got.status, got.headers['access-control-allow-origin']]).toEqual([429, APP]);
    expect(got.headers['access-control-expose-headers']).toContain('retry-after');
  });

  it('has what the gateway grants, whatever the service says', async () => {
    shop.answer = (_, response) =>
      response
        .writeHead(200, {
          'access-control-allow-origin': 'https://evil.test',
          'access-control-allow-credentials': 'true',
        })
        .end();
    expect(granted(await shop.get('/any/x', { origin: 'https://evil.test' }))).toEqual({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'x-thing',
    });
    expect(granted(await shop.get('/few/x', { origin: 'https://evil.test' }))).toEqual({ vary: 'origin' });
  });
});

it.each([
  ['anybody with credentials', '{ origins: "*", credentials: true }', /not with the origin/],
  ['a path', '{ origins: [https://app.example.com/x] }', /no origin/],
  ['a * in the middle', '{ origins: ["https://app.*.com"] }', /no origin/],
  ['a * among others', '{ origins: ["*"] }', /no origin/],
])('a file with %s is refused', (_, cors, reason) => {
  expect(() => parseConfigFile(gatewayFile, `defaults: { cors: ${cors} }`, 'gateway.yaml')).toThrow(reason);
});
