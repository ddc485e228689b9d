import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { instanceAt } from '@trellis/discovery/testing';
import { BlogBackend } from '../blog-backend.fixture.js';
import { blogAt } from '../instances.fixture.js';
import { TestGateway } from '../test-gateway.fixture.js';
import { HOSTILE_REQUESTS, type Hostile, SHOP } from './hostile-requests.fixture.js';
import { ShopBackend } from './shop-backend.fixture.js';

const gateway = new TestGateway();
const shop = new ShopBackend();
const blog = new BlogBackend();
let token = '';

/** How long a connection stays open after an answer, for a second one that must not come. */
const QUIET_MS = 30;

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

/** Statuses of all the answers that come back on one connection, each byte sent as it stands. */
async function statusesOf(bytes: string): Promise<number[]> {
  const socket = connect(gateway.port, '127.0.0.1');
  socket.on('error', () => undefined); // a connection that was cut off may be reset as well
  socket.write(Buffer.from(bytes, 'latin1'));
  const chunks: Buffer[] = [];
  const silence = setTimeout(() => socket.end(), 2_000);
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    setTimeout(() => socket.end(), QUIET_MS).unref();
  });
  await once(socket, 'close');
  clearTimeout(silence);
  const text = Buffer.concat(chunks).toString('latin1');
  return [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
}

/** With a token where there is a contract: refused for what it is, not for who sent it. */
const sent = ({ bytes }: Hostile): string =>
  bytes.startsWith('POST /v1/posts') ? bytes.replace('\r\n', `\r\nAuthorization: Bearer ${token}\r\n`) : bytes;

describe('the gateway stops', () => {
  it.each(HOSTILE_REQUESTS)('$name', async (hostile) => {
    const before = shop.seen.length + blog.calls.length;
    const [first = 0, ...others] = await statusesOf(sent(hostile));
    expect([hostile.status].flat()).toContain(first);
    expect(others.every((status) => status >= 400)).toBe(true); // what followed was no request
    const passed = shop.seen.length + blog.calls.length - before;
    expect(passed).toBe(first === 200 ? 1 : 0);
    if (first === 200) {
      expect(shop.seen.at(-1)).toMatchObject(hostile.seen ?? {});
      const told = JSON.stringify(shop.seen.at(-1)?.headers);
      expect((hostile.unseen ?? []).filter((word) => told.includes(word))).toEqual([]);
    }
    const good = await gateway.fetch(`${SHOP}/good`);
    expect([good.status, await good.text()]).toEqual([200, 'ok']);
  });

  it(`has ${HOSTILE_REQUESTS.length} of them, each with a name of its own`, () => {
    expect(HOSTILE_REQUESTS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(HOSTILE_REQUESTS.map(({ name }) => name)).size).toBe(HOSTILE_REQUESTS.length);
  });
});
