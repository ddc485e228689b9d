import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BlogBackend } from '../blog-backend.fixture.js';
import { blogAt } from '../instances.fixture.js';
import { TestGateway } from '../test-gateway.fixture.js';

const backend = new BlogBackend();
const gateway = new TestGateway();

beforeAll(async () => {
  await backend.start({ p1: { id: 'p1', title: 'First' } });
  await gateway.start();
  gateway.directory.set(blogAt(backend.address));
});
afterAll(async () => {
  await gateway.stop();
  backend.stop();
});

it('looks at the token of each request, whatever its connection showed before', async () => {
  const { issuer } = gateway;
  const good = `authorization: Bearer ${await issuer.token()}\r\n`;
  const poor = `authorization: Bearer ${await issuer.token({ scope: 'other' })}\r\n`;
  const forged = `authorization: Bearer ${await issuer.forged()}\r\n`;
  const basic = 'authorization: Basic YTpi\r\n';
  const shown = [good, good, '', good, poor, good, forged, forged, good, basic, '', good];
  const request = (token: string, n: number): string =>
    `GET /v1/posts/p1 HTTP/1.1\r\nhost: x\r\n${n === shown.length - 1 ? 'connection: close\r\n' : ''}${token}\r\n`;
  const answers = await gateway.raw(shown.map(request).join(''), 'never');
  const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  expect(statuses).toEqual([200, 200, 401, 200, 403, 200, 401, 401, 200, 401, 401, 200]);
});
