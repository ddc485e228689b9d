import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { metricName } from '@trellis/telemetry';
import { recordMetrics } from '@trellis/telemetry/testing';
import { eventually } from '@trellis/testing';
import { ShopGateway } from './shop-gateway.fixture.js';

const points = recordMetrics();
const shop = new ShopGateway();
beforeAll(() =>
  shop.start(`
routes:
  - { path: /shop/**, service: shop }
  - { path: /quiet/**, service: shop, metrics: false }
`),
);
afterAll(() => shop.stop());

const series = async () =>
  (await points(metricName.httpServerDuration)).map(({ attributes, value }) => [
    attributes['http.request.method'],
    attributes['http.route'],
    attributes['http.response.status_code'],
    attributes['error.type'],
    value,
  ]);

it('requests are counted by method, route and status, whatever became of them', async () => {
  for (let i = 0; i < 3; i++) await shop.get('/shop/a');
  await shop.get('/shop/b', {}, 'HEAD');
  await shop.get('/shop/b', {}, 'PROPFIND');
  await shop.get('/shop/b', {}, 'REPORT');
  await shop.get('/nowhere');
  await shop.get('/quiet/a');
  shop.answer = (_, response) => response.writeHead(503).end();
  await shop.get('/shop/a');
  await eventually(async () =>
    expect(await series()).toEqual(
      expect.arrayContaining([
        ['GET', '/shop/**', 200, undefined, 3],
        ['HEAD', '/shop/**', 200, undefined, 1],
        ['_OTHER', '/shop/**', 200, undefined, 2],
        ['GET', undefined, 404, undefined, 1],
        ['GET', '/shop/**', 503, '503', 1],
      ]),
    ),
  );
  expect((await series()).flat()).not.toContain('/quiet/**');
});

it('those under way are told as they are', async () => {
  const active = async () => (await points(metricName.httpServerActive)).map(({ value }) => value);
  await eventually(async () => expect(await active()).toEqual([0]));
  const { promise, resolve } = Promise.withResolvers<() => void>();
  shop.answer = (_, response) => resolve(() => response.end());
  const got = shop.get('/shop/slow');
  const finish = await promise;
  expect(await active()).toEqual([1]);
  finish();
  await got;
  await eventually(async () => expect(await active()).toEqual([0]));
});
