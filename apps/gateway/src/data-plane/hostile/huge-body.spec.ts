import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BlogBackend } from '../blog-backend.fixture.js';
import { blogAt } from '../instances.fixture.js';
import { TestGateway } from '../test-gateway.fixture.js';

const gateway = new TestGateway();
const blog = new BlogBackend();
let token = '';

beforeAll(async () => {
  await Promise.all([blog.start({}), gateway.start()]);
  gateway.directory.set(blogAt(blog.address));
  await gateway.fetch('/v1/posts/p1');
  token = await gateway.issuer.token({ scope: 'blog:read blog:write' });
});
afterAll(async () => {
  await gateway.stop();
  blog.stop();
});

const GIBIBYTE = 1_073_741_824;
const CHUNK = Buffer.alloc(65_536, 'a');

/** Sends as much of a gibibyte as it gets rid of; says how much that was, and what came back. */
async function upload(framing: string, piece: Buffer): Promise<{ sent: number; answer: string; grew: number }> {
  const socket = connect(gateway.port, '127.0.0.1');
  socket.on('error', () => undefined); // it is cut off in the middle
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => (answer += String(text)));
  const head = ['POST /v1/posts HTTP/1.1', 'Host: blog.test', `Authorization: Bearer ${token}`];
  socket.write([...head, 'Content-Type: application/json', framing, '', ''].join('\r\n'));
  const before = process.memoryUsage().rss;
  let peak = before;
  let sent = 0;
  while (sent < GIBIBYTE && !socket.destroyed && socket.writable) {
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
    sent += piece.length;
    peak = Math.max(peak, process.memoryUsage().rss);
    await turn();
  }
  if (!socket.closed) {
    socket.destroy();
    await once(socket, 'close');
  }
  return { sent, answer, grew: peak - before };
}

it.each([
  ['an announced length', `Content-Length: ${GIBIBYTE}`, CHUNK],
  ['chunks', 'Transfer-Encoding: chunked', Buffer.concat([Buffer.from('10000\r\n'), CHUNK, Buffer.from('\r\n')])],
])('a body of one gibibyte by %s is refused early, and kept nowhere', async (_, framing, piece) => {
  const calls = blog.calls.length;
  const { sent, answer, grew } = await upload(framing, piece);
  console.log(
    `refused after ${Math.round(sent / 1_048_576)} MiB sent, memory grew by ${Math.round(grew / 1_048_576)} MiB`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(sent).toBeLessThan(GIBIBYTE);
  expect(grew).toBeLessThan(GIBIBYTE / 4);
  expect(blog.calls.length).toBe(calls);
});
