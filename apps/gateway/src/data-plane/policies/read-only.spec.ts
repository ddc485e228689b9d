import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ShopGateway } from './shop-gateway.fixture.js';

const shop = new ShopGateway();
beforeAll(() =>
  shop.start('routes: [{ path: /shop/**, service: shop, readOnly: true }, { path: /open/**, service: shop }]'),
);
afterAll(() => shop.stop());

it.each(['GET', 'HEAD', 'OPTIONS'])('%s looks, and passes', async (method) => {
  expect((await shop.get('/shop/items', {}, method)).status).toBe(200);
  expect(shop.seen.at(-1)?.method).toBe(method);
});

it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])('%s could change something: 405 with Allow', async (method) => {
  const before = shop.seen.length;
  const { status, headers } = await shop.get('/shop/items', {}, method);
  expect([status, headers.allow, shop.seen.length]).toEqual([405, 'GET, HEAD, OPTIONS', before]);
  expect((await shop.get('/open/items', {}, method)).status).toBe(200);
});
