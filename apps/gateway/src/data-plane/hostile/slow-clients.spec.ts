import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { instanceAt } from '@trellis/discovery/testing';
import { BlogBackend } from '../blog-backend.fixture.js';
import { blogAt } from '../instances.fixture.js';
import { TestGateway } from '../test-gateway.fixture.js';
import { SHOP } from './hostile-requests.fixture.js';
import { ShopBackend } from './shop-backend.fixture.js';

const gateway = new TestGateway();
const shop = new ShopBackend();
const blog = new BlogBackend();
let token = '';

beforeAll(async () => {
  await Promise.all([shop.start(), blog.start({}), gateway.start()]);
  gateway.directory.set(instanceAt('shop', shop.address, { protocol: 'http', version: '1.0.0' }), blogAt(blog.address));
  await gateway.fetch(`${SHOP}/warm`);
  token = await gateway.issuer.token({ scope: 'blog:read blog:write' });
});
afterAll(async () => {
  await gateway.stop();
  shop.stop();
  blog.stop();
});

async function open(): Promise<Socket> {
  const socket = connect(gateway.port, '127.0.0.1');
  socket.on('error', () => undefined); // it will be cut off
  await once(socket, 'connect');
  return socket;
}

/** What comes back before the connection ends. */
async function answerOn(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (piece) => (text += String(piece)));
  if (!socket.closed) await once(socket, 'close');
  return text;
}

describe('slow clients', () => {
  it('by the thousand keep nobody from being served', async () => {
    const slow: Socket[] = [];
    for (let batch = 0; batch < 20; batch++) {
      slow.push(...(await Promise.all(Array.from({ length: 100 }, open))));
    }
    for (const socket of slow) socket.write(`GET ${SHOP}/x HTTP/1.1\r\nHost: shop.test\r\nX-Slow: `);
    const dripping = setInterval(() => slow.forEach((socket) => socket.write('a')), 500);
    const statuses: number[] = [];
    const began = performance.now();
    for (let i = 0; i < 200; i++) statuses.push((await gateway.fetch(`${SHOP}/${i}`)).status);
    console.log(`200 requests beside ${slow.length} slow ones: ${Math.round(performance.now() - began)} ms`);
    clearInterval(dripping);
    for (const socket of slow) socket.destroy();
    expect(slow.length).toBe(2_000);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });

  it('that never finish their headers are told so, and cut off', async () => {
    const socket = await open();
    socket.write(`GET ${SHOP}/x HTTP/1.1\r\nHost: shop.test\r\nX-Slow: `);
    expect(await answerOn(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('that never finish their body are told so at the deadline, and cut off', async () => {
    gateway.use('defaults: { timeout: 1s }');
    const socket = await open();
    const head = ['POST /v1/posts HTTP/1.1', 'Host: shop.test', `Authorization: Bearer ${token}`];
    socket.write([...head, 'Content-Type: application/json', 'Content-Length: 20', '', '{"title"'].join('\r\n'));
    const text = await answerOn(socket);
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toContain('BODY_TOO_SLOW');
    expect(blog.calls).toEqual([]);
  });
});
