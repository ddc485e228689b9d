import { describe, expect, it } from '@jest/globals';
import { descriptorSet, methodPolicy, readDescriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import type { ApiRoute, OpenApiDocument } from '@trellis/openapi';
import { routeOf } from '@trellis/transcoding';
import { type DescribedLayer, type DescribedPrefix, createOpenApiDocuments } from './openapi-document.js';

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

async function ask(
  table: object,
  layers: readonly DescribedLayer[],
  { host = 'api.example.com', prefixes = [] as DescribedPrefix[] } = {},
): Promise<OpenApiDocument> {
  const { status, contentType, body } = await documents.answer(table, () => layers, { host, prefixes });
  expect([status, contentType]).toEqual([200, 'application/json']);
  return JSON.parse(new TextDecoder().decode(body)) as OpenApiDocument;
}

describe('/openapi.json', () => {
  it('describes the table, once for as long as it is in use', async () => {
    const table = {};
    let asked = 0;
    const describeTable = (): DescribedLayer[] => {
      asked += 1;
      return [anyHost(blogRoute('getPost', '/v1/posts/{id}'))];
    };
    const request = { host: 'a.example', prefixes: [] };
    const first = await documents.answer(table, describeTable, request);
    const ifNoneMatch = first.headers['etag'];
    const again = await documents.answer(table, describeTable, { ...request, host: 'b.example', ifNoneMatch });
    expect([again.status, asked]).toEqual([304, 1]);

    const other = [anyHost(blogRoute('getPost', '/v2/posts/{id}'))];
    const next = await documents.answer({}, () => other, { ...request, ifNoneMatch });
    expect([next.status, next.headers['etag'] === ifNoneMatch]).toEqual([200, false]);
  });

  it('names the public address, and where tokens come from', async () => {
    const { servers, components, info } = await ask({}, [anyHost()]);
    expect(servers).toEqual([{ url: 'https://api.example.com:8443' }]);
    expect(components.securitySchemes['oauth2']?.['flows']).toMatchObject({
      authorizationCode: { authorizationUrl: 'https://api.example.com:8443/oauth2/auth' },
    });
    expect([info.title, info.version]).toEqual(['Trellis', '0.1.0']);
  });

  it('lists what the host answers, and names the hosts that answer more', async () => {
    const layers = [
      { host: 'blog.example.com', routes: [blogRoute('getPost', '/get_post')] },
      { host: '*.example.com', routes: [blogRoute('listPosts', '/wild')] },
      anyHost(blogRoute('listPosts', '/v1/posts')),
    ];
    const table = {};
    const blog = await ask(table, layers, { host: 'blog.example.com' });
    expect([Object.keys(blog.paths), blog.servers]).toEqual([
      ['/get_post', '/v1/posts', '/wild'],
      [{ url: 'https://blog.example.com:8443' }],
    ]);
    const wild = await ask(table, layers, { host: 'shop.example.com' });
    expect([Object.keys(wild.paths), wild.servers]).toEqual([['/v1/posts', '/wild'], [{ url: '/' }]]);
    const plain = await ask(table, layers, { host: 'elsewhere' });
    expect([Object.keys(plain.paths), plain.servers]).toEqual([
      ['/v1/posts'],
      [{ url: 'https://api.example.com:8443' }],
    ]);
    expect(plain.info.description).toContain('`blog.example.com`, `*.example.com`');
  });

  it('has the route that counts where a later layer has the same', async () => {
    const first = blogRoute('getPost', '/posts/{id}');
    const hidden = blogRoute('listPosts', '/posts/{author_id}');
    const { paths } = await ask({}, [anyHost(first), anyHost(hidden)]);
    expect(paths['/posts/{id}']?.get).toMatchObject({ summary: 'Get post' });
    expect(paths['/posts/{id}']?.get?.['x-shadowed']).toBeUndefined();

    const some = blogRoute('getPost', '/posts/{id}', { conditions: ['header `x-beta: 1`'] });
    const both = await ask({}, [anyHost(some), anyHost(hidden)]);
    expect(Object.values(both.paths)[0]?.get).toMatchObject({
      summary: 'List posts',
      'x-shadowed': [expect.any(String)],
    });
  });

  it('tells of services without a contract, as they come and go', async () => {
    const table = {};
    const prefixes = [{ prefix: '/api/v1/shop/1.2.0/', about: 'the service `shop`, version 1.2.0' }];
    const told = async (given: DescribedPrefix[]) =>
      (await ask(table, [anyHost()], { prefixes: given })).info.description;
    expect(await told(prefixes)).toContain('- `/api/v1/shop/1.2.0/`: the service `shop`, version 1.2.0');
    expect(await told([])).not.toContain('shop');
  });
});
