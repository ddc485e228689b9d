import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServiceError } from '@trellis/errors';
import { metricName } from '@trellis/telemetry';
import { recordMetrics } from '@trellis/telemetry/testing';
import { eventually } from '@trellis/testing';
import type { Exchange } from '../exchange.js';
import { accessLog } from './access-log.js';
import type { RouteFacts, Tools } from './policy.js';
import { ShopGateway } from './shop-gateway.fixture.js';

const points = recordMetrics();
const shop = new ShopGateway();
const { requests } = shop.gateway;

beforeAll(() =>
  shop.start('trusted: [127.0.0.1]\nroutes: [{ name: shop, path: /shop/**, service: shop }]', {
    p1: { id: 'p1', title: 'First' },
  }),
);
afterAll(() => shop.stop());
beforeEach(() => {
  requests.length = 0;
});

/** The line of the one request that was made. */
const line = () =>
  eventually(() => {
    expect(requests).toHaveLength(1);
    return JSON.parse(requests[0] ?? '') as Record<string, unknown>;
  });

describe('the line of a request', () => {
  it('tells how it went, who answered and which ids it has', async () => {
    const got = await shop.gateway.fetch('/v1/posts/p1?view=full', {
      headers: { 'x-correlation-id': 'order-7', 'x-forwarded-for': '203.0.113.7', 'user-agent': 'a "quoted" one' },
    });
    expect(await line()).toEqual({
      method: 'GET',
      host: '127.0.0.1',
      path: '/v1/posts/p1',
      route: '/v1/posts/{id}',
      status: 400,
      ms: expect.any(Number),
      bytes: expect.any(Number),
      client: '203.0.113.7',
      user_agent: 'a "quoted" one',
      request_id: got.headers.get('x-request-id'),
      correlation_id: 'order-7',
      trace_id: got.headers.get('x-trace-id'),
      caller: 'user',
      error: 'INVALID_ARGUMENT',
    });
    requests.length = 0;
    await shop.gateway.fetch('/v1/posts/p1');
    expect(await line()).toMatchObject({
      status: 200,
      upstream_ms: expect.any(Number),
      service: 'blog',
      version: '1.0.0',
      instance: expect.stringMatching(/^blog-/),
    });
  });

  it.each(['a "quoted" one', 'back\\slash', 'caf\u00e9', '\t tab', ''])(
    'is JSON whatever the client calls itself: %j',
    async (agent) => {
      await shop.gateway.raw(`GET /shop/a HTTP/1.1\r\nhost: x\r\nuser-agent: ${agent}\r\n\r\n`, 'HTTP/1.1');
      expect(await line()).toMatchObject({ user_agent: Buffer.from(agent.trim()).toString('latin1') });
    },
  );

  it('counts what went out: the head too, and of this answer only', async () => {
    shop.answer = (_, response) => response.end('x'.repeat(10_000));
    await shop.get('/shop/a');
    const { bytes } = await line();
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(11_000);
    requests.length = 0;
    const ask = 'GET /shop/a HTTP/1.1\r\nhost: x\r\n\r\n';
    const socket = connect(shop.gateway.port, '127.0.0.1', () => socket.write(ask));
    await line();
    socket.write(ask);
    await eventually(() => expect(requests).toHaveLength(2));
    socket.destroy();
    for (const each of requests) expect((JSON.parse(each) as { bytes: number }).bytes).toBeLessThan(11_000);
  });

  it('says why a request was refused, by us as by a service', async () => {
    await shop.get('/nowhere');
    expect(await line()).toMatchObject({ status: 404, error: 'NOT_FOUND', reason: 'NO_ROUTE' });
    expect(await line()).not.toHaveProperty('route');
    requests.length = 0;
    await shop.get('/v1/posts/p1');
    expect(await line()).toMatchObject({ status: 401, error: 'UNAUTHENTICATED', reason: 'TOKEN_MISSING' });
  });

  it('says that the client has left', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    shop.answer = () => resolve();
    const socket = connect(shop.gateway.port, '127.0.0.1', () =>
      socket.write('GET /shop/slow HTTP/1.1\r\nhost: x\r\n\r\n'),
    );
    await promise;
    socket.destroy();
    expect(await line()).toMatchObject({ status: 499, path: '/shop/slow', route: 'shop', bytes: 0 });
  });

  it('has nothing secret: no query, no header that was not asked for, no body', async () => {
    shop.answer = (_, response) => response.writeHead(200, { 'set-cookie': 'sid=hunter2' }).end('hunter2');
    const secrets = {
      authorization: 'Bearer hunter2',
      cookie: 'sid=hunter2',
      'x-api-key': 'hunter2',
      referer: 'http://x/?hunter2',
    };
    await shop.get('/shop/a?token=hunter2', secrets, 'POST');
    await line();
    expect(requests[0]).not.toContain('hunter2');
  });

  it('is one line of JSON, whatever a client makes up, and not a long one', async () => {
    const target = `/shop/${'"\\'.repeat(1_000)}`;
    await shop.gateway.raw(`GET ${target} HTTP/1.1\r\nhost: x\r\nuser-agent: ${'"é\t'.repeat(2_000)}\r\n\r\n`);
    const { path, user_agent } = await line();
    expect([path, user_agent].map((value) => String(value).length)).toEqual([1_025, 257]);
    expect(requests[0]).not.toContain('\n');
    expect(requests[0]?.length).toBeLessThan(4_096);
  });
});

describe('of many requests', () => {
  /** How many of so many lines are written, with a chance that goes round. */
  function written(
    settings: Parameters<typeof accessLog.prepare>[0],
    about: Partial<Exchange>,
    enabled = true,
  ): number {
    let count = 0;
    let turn = 0;
    const tools = {
      accessLog: { enabled, write: () => void (count += 1) },
      random: () => (turn++ % 10) / 10,
    } as unknown as Tools;
    const step = accessLog.prepare(settings, { name: '' } as RouteFacts, tools, 'defaults');
    const exchange = {
      status: 200,
      tookMs: 1,
      host: '',
      path: '/',
      request: { headers: {} },
      ...about,
    } as unknown as Exchange;
    for (let i = 0; i < 100; i++) step?.end?.(exchange);
    return count;
  }

  it.each([
    ['all are logged when nobody says otherwise', undefined, {}, 100],
    ['a share is', { share: 0.3, slow: 1_000 }, {}, 30],
    ['none is', { share: 0, slow: 1_000 }, {}, 0],
    ['all that failed are', { share: 0, slow: 1_000 }, { status: 500 }, 100],
    ['not all that were refused are', { share: 0, slow: 1_000 }, { status: 404, error: {} as ServiceError }, 0],
    ['all that were slow are', { share: 0, slow: 1_000 }, { tookMs: 1_000 }, 100],
  ])('%s', (_, settings, about, count) => {
    expect(written(settings, about)).toBe(count);
  });

  it('none is when LOG_LEVEL leaves them out', () => {
    expect(written(undefined, { status: 500 }, false)).toBe(0);
  });
});

describe('what could not be read', () => {
  it.each([
    ['a head that is none', 'GET / HTTP/1.1\r\nno header\r\n\r\n', 400, /^HPE_\w+$/],
    ['headers without end', `GET / HTTP/1.1\r\nx: ${'secret'.repeat(4_000)}`, 431, /^HPE_HEADER_OVERFLOW$/],
    ['a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n', 405, /^CONNECT_REFUSED$/],
  ])('has a line and is counted: %s', async (_, bytes, status, reason) => {
    const counted = async () =>
      (await points(metricName.httpServerDuration))
        .filter(({ attributes }) => attributes['http.response.status_code'] === status)
        .reduce((sum, { value }) => sum + Number(value), 0);
    const before = await counted();
    const raw = await shop.gateway.raw(bytes);
    expect(await line()).toEqual({
      status,
      bytes: Buffer.byteLength(raw.slice(raw.indexOf('\r\n\r\n') + 4)),
      client: '127.0.0.1',
      request_id: /x-request-id: (\S+)/.exec(raw)?.[1],
      trace_id: /x-trace-id: (\S+)/.exec(raw)?.[1],
      error: 'INVALID_ARGUMENT',
      reason: expect.stringMatching(reason),
    });
    expect(requests.join()).not.toContain('secret');
    expect((await counted()) - before).toBe(1);
  });
});
