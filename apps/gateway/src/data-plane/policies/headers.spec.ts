import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseConfigFile } from '@trellis/config-file';
import { gatewayFile } from '../../file/gateway-file.js';
import { ShopGateway } from './shop-gateway.fixture.js';

const shop = new ShopGateway();
beforeAll(() =>
  shop.start(
    `
defaults:
  responseHeaders:
    set: { X-Frame-Options: DENY, server: trellis }
    add: { link: [</docs>; rel=help, </terms>; rel=license] }
    remove: [x-powered-by]
routes:
  - path: /shop/**
    service: shop
    requestHeaders: { set: { X-Tenant: one, x-host: two }, remove: [cookie] }
`,
  ),
);
afterAll(() => shop.stop());

describe('the headers of a request', () => {
  it('are set and removed on the way to the service, whatever the client sent', async () => {
    await shop.get('/shop/x', { 'x-tenant': 'mine', cookie: 'a=1', 'x-other': 'stays' });
    expect(shop.seen.at(-1)?.headers).toMatchObject({ 'x-tenant': 'one', 'x-host': 'two', 'x-other': 'stays' });
    expect(shop.seen.at(-1)?.headers).not.toHaveProperty('cookie');
  });
});

describe('the headers of an answer', () => {
  it('are set, added and removed, whatever the service said', async () => {
    shop.answer = (_, response) =>
      response
        .writeHead(200, { server: 'shop', 'x-powered-by': 'PHP', link: '</x>; rel=next', 'x-frame-options': 'a' })
        .end();
    const { headers } = await shop.get('/shop/x');
    expect(headers).toMatchObject({
      server: 'trellis',
      'x-frame-options': 'DENY',
      link: '</x>; rel=next, </docs>; rel=help, </terms>; rel=license',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('are so on a refusal too', async () => {
    const { status, headers } = await shop.get('/nowhere');
    expect([status, headers['x-frame-options'], headers['content-type']]).toEqual([
      404,
      'DENY',
      'application/problem+json',
    ]);
  });
});

describe.each(['requestHeaders', 'responseHeaders'])('a file whose %s', (policy) => {
  it.each([
    ['set the length', '{ set: { content-length: "1" } }'],
    ['set the framing', '{ set: { Transfer-Encoding: chunked } }'],
    ['remove the id', '{ remove: [X-Request-Id] }'],
    ['set what is of one connection', '{ set: { connection: close } }'],
    ['have a line break', '{ set: { x-a: "a\\r\\nb: c" } }'],
    ['have a name with a space', '{ set: { "x a": "1" } }'],
  ])('%s is refused', (_, changes) => {
    const text = `defaults: { ${policy}: ${changes} }`;
    expect(() => parseConfigFile(gatewayFile, text, 'gateway.yaml')).toThrow(policy);
  });
});
