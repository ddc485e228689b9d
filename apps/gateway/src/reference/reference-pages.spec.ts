import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { instanceAt } from '@trellis/discovery/testing';
import { blogAt } from '../data-plane/instances.fixture.js';
import { TestGateway } from '../data-plane/test-gateway.fixture.js';
import { referencePages } from './reference-pages.js';

const gateway = new TestGateway();

const FILE = `
routes:
  - path: /get_post
    hosts: [blog.example.com]
    methods: [GET]
    call: trellis.blog.v1.BlogService/GetPost
    parameters: { post_id: id }
    auth: { scopes: [blog:special] }
    limitPerCaller: { requests: 7, per: 1s }
  - path: /legacy/**
    service: legacy
`;

beforeAll(async () => {
  const { directory } = gateway;
  const pages = referencePages({
    publicUrl: 'http://localhost:8080',
    clientId: undefined,
    version: '9.9.9',
    directory,
  });
  await gateway.start({ pages, file: FILE });
  const shop = instanceAt('shop', '127.0.0.1:2', { protocol: 'http', version: '2.0.0' });
  gateway.directory.set(blogAt('127.0.0.1:1', { version: '1.2.3' }), shop);
  await gateway.fetch('/v1/posts/p1');
});
afterAll(() => gateway.stop());

interface Operation {
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

async function operations(host?: string): Promise<Map<string, Operation>> {
  const raw = await gateway.raw(
    `GET /openapi.json HTTP/1.1\r\nHost: ${host ?? 'localhost'}\r\nConnection: close\r\n\r\n`,
    '\u0000',
  );
  const document = JSON.parse(raw.slice(raw.indexOf('\r\n\r\n') + 4)) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  return new Map(
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => [`${method} ${path}`, operation] as const),
    ),
  );
}

describe('the reference', () => {
  it('has what is registered now, under any host', async () => {
    const all = await operations();
    expect([...all.keys()]).toEqual(expect.arrayContaining(['get /v1/posts/{id}', 'post /v1/posts']));
    expect([...all.keys()].filter((key) => key.includes('get_post'))).toEqual([]);
  });

  it('has the routes of the file under their host, with what they ask for', async () => {
    const route = (await operations('blog.example.com')).get('get /get_post');
    expect(JSON.stringify(route?.security)).toContain('blog:special');
    expect(JSON.stringify(route)).toContain('post_id');
  });

  it('says where requests are passed on without a contract', async () => {
    const text = await (await gateway.fetch('/openapi.json')).text();
    for (const prefix of ['/api/v1/shop/2.0.0/', '/legacy/**']) expect(text).toContain(prefix);
  });

  it('is a page too, with ids and policies as every answer', async () => {
    const page = await gateway.fetch('/docs');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('x-request-id')).toBeTruthy();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const again = await gateway.fetch('/docs', { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    expect((await gateway.fetch('/docs/nothing')).status).toBe(404);
    expect((await gateway.fetch('/docs', { method: 'POST' })).status).toBe(405);
  });
});
