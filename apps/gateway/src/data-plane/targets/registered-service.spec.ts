import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Instance } from '@trellis/discovery';
import { ManualDirectory, instanceAt } from '@trellis/discovery/testing';
import { HttpServices } from '../routing/http-services.js';
import { TestGateway, problemOf } from '../test-gateway.fixture.js';

const gateway = new TestGateway();
const seen: { request: IncomingMessage; body: string }[] = [];
let service: Server;
let address: string;

beforeAll(async () => {
  service = createServer(async (request, response) => {
    seen.push({ request, body: await text(request) });
    response.writeHead(418, { 'x-thing': ['a', 'b'] }).end('teapot');
  });
  await once(service.listen(0, '127.0.0.1'), 'listening');
  address = `127.0.0.1:${(service.address() as AddressInfo).port}`;
  await gateway.start();
});
beforeEach(() => gateway.directory.set(shop('1.2.0'), shop('1.10.0'), shop('1.9.0', { id: 'x', protocol: 'grpc' })));
afterAll(async () => {
  await gateway.stop();
  service.closeAllConnections();
  service.close();
});

const shop = (version: string, changes: Partial<Instance> = {}): Instance =>
  instanceAt('shop', address, { id: `shop-${version}`, protocol: 'http', version, ...changes });

function last() {
  const newest = seen.at(-1);
  if (!newest) throw new Error('the service has seen nothing');
  return newest;
}

describe('a registered service that speaks HTTP', () => {
  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    'takes %s under its name and version, and answers in its own words',
    async (method) => {
      const body = method === 'POST' || method === 'PUT' || method === 'PATCH' ? 'any bytes' : undefined;
      const headers = { 'content-type': 'application/x-thing', 'x-own': 'yes' };
      const got = await fetch(`${gateway.url}/api/v1/shop/1.2.0/items?q=a&q=%2F`, {
        method,
        headers,
        ...(body && { body }),
      });
      expect([got.status, got.headers.get('x-thing')]).toEqual([418, 'a, b']);
      expect(await got.text()).toBe(method === 'HEAD' ? '' : 'teapot');
      expect(last()).toMatchObject({
        body: body ?? '',
        request: {
          method,
          url: '/items?q=a&q=%2F',
          headers: { ...headers, 'x-forwarded-prefix': '/api/v1/shop/1.2.0' },
        },
      });
    },
  );

  it.each([
    ['/a%2Fb/%C3%A9/c+d', '/a%2Fb/%C3%A9/c+d'],
    ['//twice//', '//twice//'],
    ['/', '/'],
    ['', '/'],
    ['/a;b=c/@:$&', '/a;b=c/@:$&'],
    ['/?', '/'],
    ['?a=1', '/?a=1'],
  ])('sees %j as it was sent', async (rest, url) => {
    await gateway.raw(`GET /api/v1/shop/1.2.0${rest} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`, 'teapot');
    expect(last().request.url).toBe(url);
  });

  it('is found by a name and a version that have escapes', async () => {
    gateway.directory.set(shop('1.2.0+7'));
    expect((await gateway.fetch('/api/v1/sho%70/1.2.0%2B7/x')).status).toBe(418);
    expect(last().request.headers['x-forwarded-prefix']).toBe('/api/v1/sho%70/1.2.0%2B7');
  });

  it('has versions that are named when another one is asked for: 404', async () => {
    const got = await problemOf(await gateway.fetch('/api/v1/shop/1.9.0/x'));
    expect(got).toMatchObject({ status: 404, reason: 'NO_VERSION' });
    expect(got.detail).toBe('shop has no version 1.9.0; there is 1.2.0, 1.10.0');
  });

  it('is not there: 404', async () => {
    for (const path of ['/api/v1/other/1.0.0/x', '/api/v1/__proto__/1.0.0/x']) {
      expect(await problemOf(await gateway.fetch(path))).toMatchObject({ status: 404, reason: 'NO_SERVICE' });
    }
  });

  it('has only just left: 503, as has one of its versions', async () => {
    gateway.directory.set(shop('1.10.0'));
    for (const [version, status] of [
      ['1.2.0', 503],
      ['1.10.0', 418],
      ['1.11.0', 404],
    ] as const)
      expect([version, (await gateway.fetch(`/api/v1/shop/${version}/x`)).status]).toEqual([version, status]);
    gateway.directory.set();
    const got = await gateway.fetch('/api/v1/shop/1.10.0/x');
    expect([got.status, got.headers.get('retry-after'), (await problemOf(got)).reason]).toEqual([
      503,
      '1',
      'NO_INSTANCE',
    ]);
  });
});

it.each(['gateway', 'auth'])('%s is not reached there: it has paths of its own', async (name) => {
  gateway.directory.set(shop('1.2.0'), shop('1.0.0', { id: name, service: name }));
  const got = await fetch(`${gateway.url}/api/v1/${name}/1.0.0/x`);
  expect([got.status, (await problemOf(got)).reason]).toEqual([404, 'NO_SERVICE']);
});

describe('a registered service that names scopes in its metadata', () => {
  const get = (headers: Record<string, string>) => fetch(`${gateway.url}/api/v1/shop/2.0.0/x`, { headers });
  const bearer = async (scope: string) => ({ authorization: `Bearer ${await gateway.issuer.token({ scope })}` });

  it('gets only callers who have them, all that any instance asks for', async () => {
    const asks = (id: string, scopes: string) => shop('2.0.0', { id, metadata: { 'trellis.scopes': scopes } });
    gateway.directory.set(asks('a', 'shop:read'), asks('b', 'shop:read  shop:write'), shop('2.0.0', { id: 'c' }));
    const none = await get({});
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="trellis"']);
    expect((await get(await bearer('shop:read'))).status).toBe(403);
    expect((await get(await bearer('shop:write shop:read'))).status).toBe(418);
    expect(last().request.headers.authorization).toMatch(/^Bearer /);
  });

  it('gets anybody with a token when it names none', async () => {
    gateway.directory.set(shop('2.0.0', { metadata: { 'trellis.scopes': '' } }));
    expect((await get({})).status).toBe(401);
    expect((await get(await bearer('any'))).status).toBe(418);
  });
});

it('the grace of a version that has left ends after a minute', () => {
  const directory = new ManualDirectory();
  let now = 0;
  const services = new HttpServices(directory, () => now);
  const reason = (version: string) => {
    try {
      services.needed('shop', version);
      return 'there';
    } catch (error) {
      return (error as { reason: string }).reason;
    }
  };
  directory.set(shop('1.0.0'));
  expect([reason('1.0.0'), reason('2.0.0')]).toEqual(['there', 'NO_VERSION']);
  directory.set(shop('2.0.0'));
  now = 59_999;
  expect([reason('1.0.0'), reason('2.0.0')]).toEqual(['NO_INSTANCE', 'there']);
  now = 60_000;
  expect([reason('1.0.0'), reason('2.0.0')]).toEqual(['NO_VERSION', 'there']);
  directory.set();
  now = 119_999;
  expect(reason('2.0.0')).toBe('NO_INSTANCE');
  directory.set(shop('2.0.0'));
  directory.set();
  now = 120_000;
  expect([reason('1.0.0'), reason('2.0.0')]).toEqual(['NO_SERVICE', 'NO_INSTANCE']);
  now = 179_999;
  expect(reason('2.0.0')).toBe('NO_SERVICE');
});
