import { afterEach, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { RawShop, type Script, saying } from '../http/raw-http.fixture.js';

const shop = new RawShop();
afterEach(() => shop.close());

const health = { path: '/ready?deep=1', interval: 5, timeout: 5_000, unhealthy: 1, healthy: 1 };
const answering = (status: string) => saying(`HTTP/1.1 ${status}\r\ncontent-length: 2\r\n\r\nok`);

it.each<[string, Script, boolean, string | undefined]>([
  ['says 200', answering('200 OK'), true, undefined],
  ['says 204', saying('HTTP/1.1 204 No Content\r\n\r\n'), true, undefined],
  ['says 302', answering('302 Found\r\nlocation: /elsewhere'), false, 'The service answered 302'],
  ['says 404', answering('404 Not Found'), false, 'The service answered 404'],
  ['says 503', answering('503 Busy'), false, 'The service answered 503'],
  ['hangs up', ({ socket }) => socket.destroy(), false, 'The connection to the service was lost'],
  ['says nothing', () => undefined, false, 'No answer came within the deadline'],
])('an HTTP instance that %s', async (_, script, healthy, lastFailure) => {
  const timeout = lastFailure === 'No answer came within the deadline' ? 200 : health.timeout;
  const rpc = await shop.open([script], { services: { shop: { health: { ...health, timeout } } } });
  await eventually(() => expect(rpc.health()[0]?.probes).toBeGreaterThan(0), 10_000, 5);
  expect(rpc.health()[0]).toMatchObject({ instance: 'a', healthy, lastFailure });
});

it('asks with a request of its own, on a connection that it keeps', async () => {
  const seen: string[] = [];
  const ok = answering('200 OK');
  const rpc = await shop.open([(peer, nth) => (seen.push(peer.received), ok(peer, nth))], {
    services: { shop: { health } },
  });
  await eventually(() => expect(seen.length).toBeGreaterThan(3), 5_000, 5);
  expect(seen[0]).toMatch(/^GET \/ready\?deep=1 HTTP\/1.1\r\nhost: 127.0.0.1:\d+\r\n/);
  expect(seen[0]).toContain('user-agent: trellis-health-check');
  expect(shop.servers[0]?.peers).toHaveLength(1);
  rpc.close();
  const before = seen.length;
  await eventually(() => expect(shop.servers[0]?.peers[0]?.socket.destroyed).toBe(true), 5_000, 5);
  expect(seen.length - before).toBeLessThan(2);
});
