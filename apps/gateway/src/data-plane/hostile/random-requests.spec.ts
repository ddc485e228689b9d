import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { descriptorSet, readDescriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import { ServiceError } from '@trellis/errors';
import { seededRandom } from '@trellis/testing';
import { createRouter, routesOf } from '@trellis/transcoding';
import { connect } from 'node:net';
import { once } from 'node:events';
import { BlogBackend } from '../blog-backend.fixture.js';
import { authAt, blogAt } from '../instances.fixture.js';
import { isPlainPath, splitTarget } from '../target.js';
import { TestGateway } from '../test-gateway.fixture.js';
import { ShopBackend } from './shop-backend.fixture.js';
import { randomRequests } from './random-requests.fixture.js';

declare global {
  /** Set by `npm run test:real -- million-requests`. */
  var RANDOM_REQUESTS: number | undefined;
}

/** As many as every run has time for. */
const COUNT = globalThis.RANDOM_REQUESTS ?? 100_000;
const OVER_SOCKETS = 2_000;

const gateway = new TestGateway();
const blog = new BlogBackend();
/** Answers what is for auth. */
const shop = new ShopBackend();
let token = '';

beforeAll(async () => {
  await Promise.all([blog.start({ p1: { id: 'p1', title: 'x' } }), shop.start(), gateway.start()]);
  gateway.directory.set(blogAt(blog.address), authAt(shop.address));
  await gateway.fetch('/v1/posts/p1');
  token = await gateway.issuer.token({ scope: 'blog:read blog:write' });
});
afterAll(async () => {
  await gateway.stop();
  blog.stop();
  shop.stop();
});

describe('random requests', () => {
  it('are matched and read, or refused as what they are', () => {
    const registry = readDescriptorSet(descriptorSet([BlogService]));
    const service = registry.getService(BlogService.typeName);
    if (!service) throw new Error('the contract has no such service');
    const router = createRouter(routesOf(service, registry));
    const next = randomRequests(seededRandom(4));
    const outcomes = new Map<string, number>();
    const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    for (let i = 0; i < COUNT; i++) {
      const { method, target, body } = next();
      const { path, query } = splitTarget(target);
      if (!isPlainPath(path)) {
        count('no path');
        continue;
      }
      const match = router.match(method, path);
      if (match.kind !== 'found') {
        count(match.kind);
        continue;
      }
      try {
        match.route.decode({ captures: match.captures, query, body });
        count('read');
      } catch (error) {
        if (!(error instanceof ServiceError)) throw new Error(`${method} ${target} ${String(body)}`, { cause: error });
        count('refused');
      }
    }
    console.log(Object.fromEntries(outcomes));
    expect([...outcomes.values()].reduce((sum, each) => sum + each, 0)).toBe(COUNT);
    expect([...outcomes.keys()].sort()).toEqual(['method', 'no path', 'none', 'read', 'refused']);
  });

  it('over sockets get no answer that blames the gateway', async () => {
    const next = randomRequests(seededRandom(5));
    const statuses = new Map<number, number>();
    for (let batch = 0; batch < OVER_SOCKETS / 50; batch++) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => statusOf(next())));
      for (const status of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    console.log(Object.fromEntries(statuses));
    expect([...statuses.keys()].filter((status) => status >= 500 || status === 0)).toEqual([]);
    expect((await gateway.fetch('/v1/posts/p1')).status).toBe(200);
  });
});

async function statusOf({ method, target, body }: ReturnType<ReturnType<typeof randomRequests>>): Promise<number> {
  const socket = connect(gateway.port, '127.0.0.1');
  socket.on('error', () => undefined); // a refused connection may be reset
  const head = [
    `${method} ${target} HTTP/1.1`,
    'Host: blog.test',
    'Connection: close',
    `Authorization: Bearer ${token}`,
  ];
  const framing = body ? ['Content-Type: application/json', `Content-Length: ${body.length}`] : [];
  socket.write(Buffer.concat([Buffer.from([...head, ...framing, '', ''].join('\r\n')), body ?? Buffer.alloc(0)]));
  let text = '';
  socket.setEncoding('latin1').on('data', (piece) => (text += String(piece)));
  await once(socket, 'close');
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}
