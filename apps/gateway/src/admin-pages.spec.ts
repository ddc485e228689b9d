import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { adminPages } from './admin-pages.js';
import { blogAt } from './data-plane/instances.fixture.js';
import { TestGateway } from './data-plane/test-gateway.fixture.js';

const FILE = `
upstreams: { blog: { strategy: round-robin, readTimeout: 3s } }
routes:
  - { hosts: [blog.example.com], path: /get_post, methods: [GET], call: trellis.blog.v1.BlogService/GetPost, timeout: 2s }
  - { path: /gone, call: trellis.gone.v1.Gone/Get }
`;
const gateway = new TestGateway();
const problem = { since: 7, faults: ['gateway.yaml:1 rotues: no such key'] };
let admin: Server;

beforeAll(async () => {
  await gateway.start({ file: FILE });
  gateway.directory.set(blogAt('127.0.0.1:1', { id: 'blog-1' }));
  const { routing, rpc } = gateway.parts;
  await eventually(() => expect(routing.complete).toBe(true));
  const file = () => ({ path: 'gateway.yaml', hash: 'abc', loadedAt: 5, problem });
  const page = adminPages({ routing, rpc, directory: gateway.directory, file })['/routes']?.['GET'];
  admin = createServer((request, response) => void page?.(request, response));
  await once(admin.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  admin.close();
  await gateway.stop();
});

async function ask(query: Record<string, string> = {}): Promise<[number, unknown]> {
  const url = `http://127.0.0.1:${(admin.address() as AddressInfo).port}/routes?${new URLSearchParams(query)}`;
  const response = await fetch(url);
  return [response.status, await response.json()];
}

describe('the page of routes', () => {
  it('lists the routes of the file, those that are built in, and those of the contracts', async () => {
    const [status, body] = await ask();
    expect([status, body]).toMatchObject([200, { complete: true, file: { path: 'gateway.yaml', problem } }]);
    const { routes } = body as { routes: { path: string; source: string }[] };
    expect(routes).toContainEqual(
      expect.objectContaining({
        source: 'file',
        host: 'blog.example.com',
        method: 'GET',
        path: '/get_post',
        target: 'method trellis.blog.v1.BlogService/GetPost',
        service: 'blog',
        policies: expect.arrayContaining([{ name: 'timeout', settings: 2_000, from: 'route' }]),
      }),
    );
    expect(routes).toContainEqual(
      expect.objectContaining({ path: '/gone', problem: 'no service that is registered answers trellis.gone.v1.Gone' }),
    );
    expect(routes.map(({ path, source }) => `${source} ${path}`)).toEqual(
      expect.arrayContaining(['built-in /oauth2/**', 'contract /v1/posts/{id}']),
    );
  });

  it('tells which one a request takes, by whom it is answered, and why not another', async () => {
    expect(await ask({ method: 'get', url: 'http://Blog.example.com:8080/get_post?id=1' })).toMatchObject([
      200,
      {
        route: { path: '/get_post', host: 'blog.example.com' },
        upstream: { strategy: 'round-robin', readTimeout: 3_000, instances: [{ id: 'blog-1', version: '1.0.0' }] },
        others: [],
      },
    ]);
    expect(await ask({ url: '/get_post' })).toMatchObject([
      200,
      { refused: 404, others: [{ route: { path: '/get_post' }, why: 'is for blog.example.com' }] },
    ]);
    expect(await ask({ url: 'http://a/x/../y' })).toMatchObject([200, { refused: 400 }]);
  });

  it.each(['url=get_post', 'url=/x&header=nocolon', 'url='])('says what it wants, asked %j', async (query) => {
    expect(await ask(Object.fromEntries(new URLSearchParams(query)))).toEqual([
      400,
      { problem: 'give url as http://host/path, and header as name:value' },
    ]);
  });
});
