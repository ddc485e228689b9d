import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseConfigFile } from '@trellis/config-file';
import { gatewayFile } from '../../file/gateway-file.js';
import type { Exchange } from '../exchange.js';
import { ipList } from './ip-list.js';
import type { RouteFacts, Tools } from './policy.js';
import { ShopGateway } from './shop-gateway.fixture.js';

type Settings = Parameters<typeof ipList.prepare>[0];

function comesIn(settings: Settings, clientAddress: string): boolean {
  const step = ipList.prepare(settings, {} as RouteFacts, {} as Tools, 'route');
  try {
    void step?.request?.({ clientAddress } as Exchange);
    return true;
  } catch {
    return false;
  }
}

describe('an address comes in', () => {
  const allow = ['10.0.0.0/8', '2001:db8::/32', '192.0.2.1'];
  const deny = ['10.1.0.0/16', '2001:db8:bad::/48'];

  it.each([
    ['10.2.3.4', true, true, true],
    ['10.1.3.4', true, false, false],
    ['192.0.2.1', true, true, true],
    ['192.0.2.2', false, true, false],
    ['2001:db8::1', true, true, true],
    ['2001:db8:bad::1', true, false, false],
    ['2001:db9::1', false, true, false],
    ['', false, true, false],
  ])('%j: %s if allowed, %s unless denied, %s by both', (address, ifAllowed, unlessDenied, byBoth) => {
    expect([comesIn({ allow }, address), comesIn({ deny }, address), comesIn({ allow, deny }, address)]).toEqual([
      ifAllowed,
      unlessDenied,
      byBoth,
    ]);
  });
});

describe('on a gateway', () => {
  const shop = new ShopGateway();
  beforeAll(() =>
    shop.start(`
trusted: [127.0.0.1]
defaults: { ipList: { deny: [203.0.113.0/24] } }
routes:
  - { path: /inside/**, service: shop, ipList: { allow: [10.0.0.0/8] } }
  - { path: /shop/**, service: shop }
`),
  );
  afterAll(() => shop.stop());

  const from = async (address: string, path: string) => (await shop.get(path, { 'x-forwarded-for': address })).status;

  it('the client counts, not the proxy before us; a route’s own list is the only one there', async () => {
    expect(await from('203.0.113.7', '/shop/x')).toBe(403);
    expect(await from('203.0.113.7', '/nowhere')).toBe(403);
    expect(await from('192.0.2.1', '/shop/x')).toBe(200);
    expect(await from('192.0.2.1', '/inside/x')).toBe(403);
    expect(await from('10.9.9.9', '/inside/x')).toBe(200);
  });

  it('who is refused is told so by a problem', async () => {
    const { body } = await shop.get('/inside/x');
    expect(JSON.parse(body.toString())).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'ADDRESS_REFUSED' });
  });
});

it.each(['{}', '{ allow: [] }', '{ allow: [10.0.0.0/33] }', '{ deny: [example.com] }'])(
  'a file with %s is refused',
  (list) => {
    expect(() => parseConfigFile(gatewayFile, `defaults: { ipList: ${list} }`, 'gateway.yaml')).toThrow(/ipList/);
  },
);
