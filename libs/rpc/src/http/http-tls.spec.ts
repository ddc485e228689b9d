import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import type { CallPolicies } from '../policy/call-policies.js';
import type { HttpCall } from '../rpc.js';
import { RawHttp, RawShop, saying, told } from './raw-http.fixture.js';
import { TEST_TLS } from './tls.fixture.js';

const GET: HttpCall = { service: 'shop', method: 'GET', path: '/' };
const HERE = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhere';
const { cert: ca } = TEST_TLS;
const shop = new RawShop();
afterEach(() => shop.close());

const encrypted = (policies: CallPolicies) => shop.open([new RawHttp(saying(HERE), TEST_TLS)], policies);
const reasonOf = (answer: Promise<unknown>) =>
  answer.then(
    () => 'answered',
    ({ reason }) => reason,
  );

describe('connections with TLS', () => {
  it('go to whom the given authority has signed, under the given name, whatever the Host', async () => {
    const rpc = await encrypted({ services: { shop: { tls: { ca, serverName: 'shop.internal' } } } });
    for (const host of ['a.example.com', 'b.example.com']) {
      expect(await told((await rpc.http({ ...GET, headers: { host } })).body)).toBe('here');
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [server] = shop.servers;
    expect(server?.peers.map(({ socket }) => (socket as TLSSocket).servername)).toEqual(['shop.internal']);
  });

  it.each<[string, CallPolicies]>([
    ['by nobody who is known', { defaults: { tls: { serverName: 'shop.internal' } } }],
    ['for another name', { defaults: { tls: { ca, serverName: 'other.internal' } } }],
    ['for a name, and the address is asked for', { defaults: { tls: { ca } } }],
  ])('are not made with a certificate %s', async (_, policies) => {
    const rpc = await encrypted(policies);
    expect(await reasonOf(rpc.http({ ...GET, headers: { host: 'shop.internal' } }))).toBe('CONNECT_FAILED');
    expect(shop.received.join('')).toBe('');
  });

  it('carry upgrades too', async () => {
    const rpc = await shop.open(
      [new RawHttp(saying('HTTP/1.1 101 S\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'), TEST_TLS)],
      {
        defaults: { tls: { ca, serverName: 'shop.internal' } },
      },
    );
    const { status, socket } = await rpc.upgrade({ service: 'shop', path: '/', protocol: 'x' });
    expect([status, (socket as TLSSocket).authorized]).toEqual([101, true]);
    socket?.destroy();
  });

  it('are waited for as long as connectTimeout says, and nothing was sent until then', async () => {
    const silent = () => undefined;
    const tls = { ca, serverName: 'shop.internal' };
    const rpc = await shop.open([silent, silent], { defaults: { tls, connectTimeout: 30 } });
    expect(await reasonOf(rpc.http({ ...GET, method: 'POST' }))).toBe('CONNECT_TIMEOUT');
    // A write too goes on to the next one.
    await eventually(() => expect(shop.servers.map(({ peers }) => peers.length)).toEqual([1, 1]));
  });

  it('that are not there are told from those without', async () => {
    const rpc = await encrypted({});
    expect(await reasonOf(rpc.http(GET))).toBe('CONNECTION_LOST');
  });
});
