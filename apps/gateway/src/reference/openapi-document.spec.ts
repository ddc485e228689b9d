import { describe, expect, it } from '@jest/globals';
import { descriptorSet, methodPolicy, readDescriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import type { ApiRoute, OpenApiDocument } from '@trellis/openapi';
import { routeOf } from '@trellis/transcoding';
import { type Described, createOpenApiDocuments } from './openapi-document.js';

const registry = readDescriptorSet(descriptorSet([BlogService]));

function blogRoute(name: keyof typeof BlogService.method, path: string, more: Partial<ApiRoute> = {}): ApiRoute {
  const method = registry.getService(BlogService.typeName)?.method[name];
  if (!method) throw new Error(`no ${name}`);
  const { binding } = routeOf(method, { pattern: { case: 'get', value: path } }, registry);
  return { binding, service: 'blog', version: '1.2.0', access: methodPolicy(method), ...more };
}

const documents = createOpenApiDocuments({
  title: 'Trellis',
  version: '0.1.0',
  publicUrl: 'https://api.example.com:8443',
});
const anyHost = (...routes: ApiRoute[]) => ({ host: undefined, routes });

async function ask(table: object, described: Described, host = 'api.example.com'): Promise<OpenApiDocument> {
  const { status, contentType, body } = await documents.answer(table, () => described, host, {});
  expect([status, contentType]).toEqual([200, 'application/json']);
  return JSON.parse(new TextDecoder().decode(body)) as OpenApiDocument;
}

describe('/openapi.json', () => {
  it('describes the table, once for as long as it is in use', async () => {
    const table = {};
    let asked = 0;
    const describeTable = (): Described => {
      asked += 1;
      return { layers: [anyHost(blogRoute('getPost', '/v1/posts/{id}'))], prefixes: [] };
    };
    const first = await documents.answer(table, describeTable, 'a.example', {});
    const again = await documents.answer(table, describeTable, 'b.example', { ifNoneMatch: first.headers['etag'] });
    expect([again.status, asked]).toEqual([304, 1]);

    const other: Described = { layers: [anyHost(blogRoute('getPost', '/v2/posts/{id}'))], prefixes: [] };
    const next = await documents.answer({}, () => other, 'a.example', { ifNoneMatch: first.headers['etag'] });
    expect([next.status, next.headers['etag'] === first.headers['etag']]).toEqual([200, false]);
  });

  it('names the public address, and where tokens come from', async () => {
    const { servers, components, info } = await ask({}, { layers: [anyHost()], prefixes: [] });
    expect(servers).toEqual([{ url: 'https://api.example.com:8443' }]);
    expect(components.securitySchemes['oauth2']?.['flows']).toMatchObject({
      authorizationCode: { authorizationUrl: 'https://api.example.com:8443/oauth2/auth' },
    });
    expect([info.title, info.version]).toEqual(['Trellis', '0.1.0']);
  });

  it('lists what the host answers, and names the hosts that answer more', async () => {
    const described: Described = {
      layers: [
        { host: 'blog.example.com', routes: [blogRoute('getPost', '/get_post')] },
        { host: '*.example.com', routes: [blogRoute('listPosts', '/wild')] },
        anyHost(blogRoute('listPosts', '/v1/posts')),
      ],
      prefixes: [],
    };
    const table = {};
    const blog = await ask(table, described, 'blog.example.com');
    expect([Object.keys(blog.paths), blog.servers]).toEqual([
      ['/get_post', '/v1/posts', '/wild'],
      [{ url: 'https://blog.example.com:8443' }],
    ]);
    const wild = await ask(table, described, 'shop.example.com');
    expect([Object.keys(wild.paths), wild.servers]).toEqual([['/v1/posts', '/wild'], [{ url: '/' }]]);
    const plain = await ask(table, described, 'elsewhere');
    expect([Object.keys(plain.paths), plain.servers]).toEqual([
      ['/v1/posts'],
      [{ url: 'https://api.example.com:8443' }],
    ]);
    expect(plain.info.description).toContain('`blog.example.com`, `*.example.com`');
  });

  it('has the route that counts where a later layer has the same', async () => {
    const first = blogRoute('getPost', '/posts/{id}');
    const hidden = blogRoute('listPosts', '/posts/{author_id}');
    const { paths } = await ask({}, { layers: [anyHost(first), anyHost(hidden)], prefixes: [] });
    expect(paths['/posts/{id}']?.get).toMatchObject({ summary: 'Get post' });
    expect(paths['/posts/{id}']?.get?.['x-shadowed']).toBeUndefined();

    const some = blogRoute('getPost', '/posts/{id}', { conditions: ['header `x-beta: 1`'] });
    const both = await ask({}, { layers: [anyHost(some), anyHost(hidden)], prefixes: [] });
    expect(Object.values(both.paths)[0]?.get).toMatchObject({
      summary: 'List posts',
      'x-shadowed': [expect.any(String)],
    });
  });

  it('tells of services without a contract', async () => {
    const prefixes = [{ prefix: '/api/v1/shop/1.2.0/', about: 'the service `shop`, version 1.2.0' }];
    const { info } = await ask({}, { layers: [anyHost()], prefixes });
    expect(info.description).toContain('- `/api/v1/shop/1.2.0/`: the service `shop`, version 1.2.0');
  });
});
