import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ForwardedBy, originOf } from './origin.js';
import { TrustedNetworks, plainAddress } from './trusted-networks.js';

const OURS = new TrustedNetworks(['10.0.0.0/8', 'fd00::/8', '192.0.2.1']);

const walk = (peer: string, headers: Record<string, string>, by: ForwardedBy = 'x-forwarded-for') =>
  originOf(peer, headers, OURS, by);
const xff = (list: string) => walk('10.0.0.1', { 'x-forwarded-for': list });
const rfc = (list: string) => walk('10.0.0.1', { forwarded: list }, 'forwarded');

const outside = fc.oneof(
  fc.ipV4().filter((address) => !OURS.has(address)),
  fc.ipV6().filter((address) => !/^fd|\./i.test(address)),
);
const proxy = fc.integer({ min: 0, max: 0xffff }).map((n) => `10.1.${n >> 8}.${n & 0xff}`);
/** What a client may put into a header: anything that a header can hold. */
const anything = fc.oneof(
  fc.stringMatching(/^[\t\x20-\x7e]{0,60}$/),
  fc
    .array(fc.constantFrom('for=', '"', '\\', ',', ';', '10.0.0.9', '[fd00::1]', 'proto=https', ' '), { maxLength: 20 })
    .map((parts) => parts.join('')),
);
const by = fc.constantFrom<ForwardedBy>('x-forwarded-for', 'forwarded');

/** As the chain of proxies makes it: each adds whom it was called by, in any of the writings of that. */
function written(hops: readonly string[], header: ForwardedBy, ports: boolean): string {
  const bracketed = (hop: string): string => (hop.includes(':') ? `[${hop}]` : hop);
  return hops
    .map((hop) => {
      if (header === 'x-forwarded-for') return ports ? `${bracketed(hop)}:4711` : hop;
      const node = ports ? `"${bracketed(hop)}:4711"` : hop.includes(':') ? `"[${hop}]"` : hop;
      return `for=${node};host="a, b;for=10.0.0.8";proto=https`;
    })
    .join(', ');
}

describe('where a request comes from', () => {
  it('is its peer, whatever an untrusted one says', () => {
    fc.assert(
      fc.property(outside, anything, anything, anything, by, (peer, list, proto, host, header) => {
        const headers = { [header]: list, 'x-forwarded-proto': proto, 'x-forwarded-host': host };
        expect(originOf(peer, headers, OURS, header)).toEqual(originOf(peer, {}, OURS, header));
        expect(originOf(peer, headers, OURS, header)).toMatchObject({ trusted: false, proxies: [], scheme: 'http' });
      }),
    );
  });

  it('is whom the outermost trusted proxy was called by, whatever that one has invented', () => {
    fc.assert(
      fc.property(
        outside,
        fc.array(proxy, { minLength: 1, maxLength: 5 }),
        fc.option(anything, { nil: undefined }),
        by,
        fc.boolean(),
        (client, proxies, invented, header, ports) => {
          const hops = written([client, ...proxies.slice(0, -1)], header, ports);
          const list = invented === undefined ? hops : `${invented}, ${hops}`;
          const got = originOf(proxies.at(-1), { [header]: list }, OURS, header);
          expect(got).toMatchObject({ trusted: true, proxies, address: plainAddress(client) });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('never throws, and never is a text that is no address', () => {
    fc.assert(
      fc.property(anything, by, (list, header) => {
        const { address, proxies } = originOf('10.0.0.1', { [header]: list }, OURS, header);
        for (const each of [address, ...proxies]) expect(each).toMatch(/^[\da-f.:]+$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('X-Forwarded-For from a trusted proxy', () => {
  it.each([
    ['one address', '203.0.113.7', '203.0.113.7'],
    ['a port', '203.0.113.7:4711', '203.0.113.7'],
    ['IPv6, bare', '2001:DB8:0::1', '2001:db8::1'],
    ['IPv6 with brackets and a port', '[2001:db8::1]:4711', '2001:db8::1'],
    ['IPv4 within IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
    ['the same in hex', '::ffff:cb00:7107', '203.0.113.7'],
    ['spaces', ' 198.51.100.1 ,  203.0.113.7 ', '203.0.113.7'],
    ['a claim before it', '192.0.2.1, 203.0.113.7', '203.0.113.7'],
    ['a proxy of ours after it', '203.0.113.7, 10.9.9.9', '203.0.113.7'],
    ['nobody but ours', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['nothing', '', '10.0.0.1'],
    ['no address', 'unknown', '10.0.0.1'],
    ['a hidden one', '203.0.113.9, _hidden, 10.0.0.2', '10.0.0.2'],
    ['a zone', 'fe80::1%eth0', '10.0.0.1'],
    ['an empty entry', '203.0.113.7,', '10.0.0.1'],
    ['a port too much', '203.0.113.7:1:2', '10.0.0.1'],
  ])('with %s', (_, list, address) => {
    expect(xff(list).address).toBe(address);
  });

  it('tells of the proxies between, the client’s neighbour first', () => {
    expect(xff('6.6.6.6, 203.0.113.7, 10.0.0.3, fd00::2').proxies).toEqual(['10.0.0.3', 'fd00::2', '10.0.0.1']);
  });

  it('is read no further than a chain can be long', () => {
    const endless = xff(`203.0.113.7, ${Array(5_000).fill('10.0.0.2').join(', ')}`);
    expect([endless.address, endless.proxies.length]).toEqual(['10.0.0.2', 32]);
  });

  it('has scheme and host beside it: of the client, not of a proxy between', () => {
    const headers = (list: string, proto: string, host = 'shop.example.com') => ({
      'x-forwarded-for': list,
      'x-forwarded-proto': proto,
      'x-forwarded-host': host,
    });
    const of = (list: string, proto: string, host?: string) => walk('10.0.0.1', headers(list, proto, host));
    expect(of('203.0.113.7, 10.0.0.2', 'https')).toMatchObject({ scheme: 'https', host: 'shop.example.com' });
    expect(of('203.0.113.7, 10.0.0.2', 'https, http').scheme).toBe('https');
    expect(of('10.0.0.9, 203.0.113.7', 'https, http').scheme).toBe('http'); // the https is the client's claim
    expect(of('', 'wss').scheme).toBe('https');
    expect(of('203.0.113.7', 'gopher', 'a b').scheme).toBe('http');
    expect(of('203.0.113.7', 'http', 'a/../b').host).toBeUndefined();
  });

  it('is not Forwarded, which such a proxy passes on as its client made it up', () => {
    const headers = { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=198.51.100.1;proto=https' };
    expect(walk('10.0.0.1', headers)).toMatchObject({ address: '203.0.113.7', scheme: 'http' });
    expect(walk('10.0.0.1', headers, 'forwarded')).toMatchObject({ address: '198.51.100.1', scheme: 'https' });
  });
});

describe('Forwarded from a trusted proxy', () => {
  it.each([
    ['a token', 'for=203.0.113.7', '203.0.113.7'],
    ['capitals', 'For=203.0.113.7;Proto=https', '203.0.113.7'],
    ['quotes, brackets and a port', 'for="[2001:db8::1]:4711"', '2001:db8::1'],
    ['a hidden port', 'for="203.0.113.7:_p"', '203.0.113.7'],
    ['other parameters', 'by=10.0.0.1;host="a.test:80";for=203.0.113.7;secret=x', '203.0.113.7'],
    ['a parameter within quotes', 'host="a;for=10.0.0.2";for=203.0.113.7', '203.0.113.7'],
    ['quotes that the client left open', 'for="10.0.0.2, for=203.0.113.7', '203.0.113.7'],
    ['an escape that the client left open', 'for="10.0.0.2\\, for=203.0.113.7', '203.0.113.7'],
    ['a hidden name', 'for=203.0.113.9, for=_hidden', '10.0.0.1'],
    ['an unknown one', 'for=unknown;proto=https', '10.0.0.1'],
    ['no for', 'proto=https', '10.0.0.1'],
    ['no parameter', '203.0.113.7', '10.0.0.1'],
    ['rubbish after it', 'for=203.0.113.7 x', '10.0.0.1'],
  ])('with %s', (_, list, address) => {
    expect(rfc(list).address).toBe(address);
  });

  it('says scheme and host in the entry that names the client', () => {
    expect(rfc('for=6.6.6.6;proto=http, for=203.0.113.7;proto=https;host=a.test, for=10.0.0.2;proto=http')).toEqual({
      trusted: true,
      address: '203.0.113.7',
      proxies: ['10.0.0.2', '10.0.0.1'],
      scheme: 'https',
      host: 'a.test',
    });
  });
});

describe('a trusted network', () => {
  it('holds its addresses, in whatever form the socket has them', () => {
    for (const peer of ['10.255.0.1', '::ffff:10.0.0.1', 'fd12::1', 'fd12::1%lo', '192.0.2.1'])
      expect(walk(peer, {}).trusted).toBe(true);
    for (const peer of ['11.0.0.1', '::ffff:11.0.0.1', 'fe80::1%eth0', '192.0.2.2', '::1'])
      expect(walk(peer, {}).trusted).toBe(false);
  });

  it('is nobody’s when the connection is gone, or when none is named', () => {
    expect(originOf(undefined, {}, OURS, 'forwarded')).toMatchObject({ trusted: false, address: '' });
    expect(originOf('10.0.0.1', {}, new TrustedNetworks([]), 'forwarded').trusted).toBe(false);
  });
});
