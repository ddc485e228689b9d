import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Code } from '@trellis/errors';
import { recordMetrics } from '@trellis/telemetry/testing';
import type { UpgradeCall } from '../rpc.js';
import { RawShop, type Script, saying, told } from './raw-http.fixture.js';

const CALL: UpgradeCall = {
  service: 'shop',
  path: '/live',
  protocol: 'websocket',
  headers: ['sec-websocket-key', 'a', 'sec-websocket-version', '13'],
};
const SWITCH =
  'HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: b\r\n\r\n';
const shop = new RawShop();
afterEach(() => shop.close());

describe('an upgrade', () => {
  it('gives the connection, with what came right behind the head', async () => {
    const measured = recordMetrics();
    const rpc = await shop.open([
      (peer) => {
        if (peer.received.startsWith('GET')) saying(`${SWITCH}hello`)(peer, 1);
        else peer.socket.end(`you said ${peer.received}`);
      },
    ]);
    const { status, headers, socket, instance } = await rpc.upgrade(CALL);
    expect([status, instance?.id]).toEqual([101, 'a']);
    expect(headers).toEqual(['connection', 'Upgrade', 'upgrade', 'websocket', 'sec-websocket-accept', 'b']);
    if (!socket) throw new Error('no socket');
    expect(String((await once(socket, 'data'))[0])).toBe('hello');
    socket.write('hi');
    expect(String((await once(socket, 'data'))[0])).toBe('you said hi');
    expect(await measured('http.client.request.duration')).toEqual([
      { attributes: { 'http.response.status_code': '101', 'trellis.service': 'shop' }, value: 1 },
    ]);
  });

  it('is asked for as HTTP wants it', async () => {
    const rpc = await shop.open([({ socket }) => socket.write('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n')]);
    await rpc.upgrade(CALL);
    expect(shop.received[0]).toMatch(/^GET \/live HTTP\/1.1\r\n/);
    expect(shop.received[0]).toMatch(/\r\nconnection: upgrade\r\nupgrade: websocket\r\n/);
    expect(shop.received[0]).toMatch(/\r\nsec-websocket-key: a\r\n/);
  });

  it('outlives the deadline and the caller of the request', async () => {
    const caller = new AbortController();
    const rpc = await shop.open([
      (peer) => (peer.received.startsWith('GET') ? saying(SWITCH)(peer, 1) : peer.socket.write('still')),
    ]);
    const { socket } = await rpc.upgrade({ ...CALL, signal: caller.signal, deadline: Date.now() + 2_000 });
    caller.abort();
    socket?.write('hi');
    expect(String((await once(socket as NonNullable<typeof socket>, 'data'))[0])).toBe('still');
    socket?.destroy();
  });

  it("whose connection breaks is the caller's to notice: nothing else fails", async () => {
    const rpc = await shop.open([saying(SWITCH)]);
    const { socket } = await rpc.upgrade(CALL);
    shop.servers[0]?.peers[0]?.socket.resetAndDestroy();
    await new Promise((resolve) => socket?.once('close', resolve));
    expect(socket?.destroyed).toBe(true);
  });

  it('that the service does not want is an ordinary answer', async () => {
    const rpc = await shop.open([
      saying('HTTP/1.1 426 Upgrade Required\r\nupgrade: h9\r\ncontent-length: 2\r\n\r\nno'),
    ]);
    const answer = await rpc.upgrade(CALL);
    expect(answer.socket).toBeUndefined();
    if (!answer.socket) expect([answer.status, await told(answer.body)]).toEqual([426, 'no']);
  });

  it.each<[string, Script]>([
    ['a broken connection', ({ socket }) => socket.destroy()],
    ['a refusal', saying('HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n')],
  ])('is never sent again after %s', async (_, script) => {
    const rpc = await shop.open([script, saying(SWITCH)]);
    const ending = await rpc.upgrade(CALL).then(
      ({ status }) => status,
      ({ reason }) => reason,
    );
    expect(['CONNECTION_LOST', 503]).toContain(ending);
    expect(shop.servers[1]?.peers).toEqual([]);
  });

  it('nobody asked for is no answer', async () => {
    const rpc = await shop.open([saying(SWITCH)]);
    const call = { service: 'shop', method: 'POST', path: '/' };
    await expect(rpc.http(call)).rejects.toMatchObject({ code: Code.UNAVAILABLE, reason: 'CONNECTION_LOST' });
  });
});
