import { describe, expect, it } from '@jest/globals';
import { descriptorSet, methodPolicy, readDescriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import { routesOf } from '@trellis/transcoding';
import { type TableRoute, describedLayers, describedPrefixes, registeredPrefixes } from './described-table.js';

const registry = readDescriptorSet(descriptorSet([BlogService]));
const service = registry.getService(BlogService.typeName);
const [create] = service ? routesOf(service, registry) : [];
if (!create) throw new Error('no route');
const { binding, method } = create;

function route(more: Partial<TableRoute> = {}, policies: TableRoute['pipeline']['policies'] = []): TableRoute {
  return {
    template: binding.template,
    source: 'contract',
    facts: { service: 'blog', access: methodPolicy(method) },
    pipeline: { policies },
    target: { title: 'method trellis.blog.v1.BlogService/CreatePost', binding },
    ...more,
  };
}
const described = (...routes: TableRoute[]) =>
  describedLayers([{ host: undefined, routes }], (name) => (name === 'blog' ? '1.2.0' : undefined))[0]?.routes ?? [];

describe('a table of routes', () => {
  it('tells of its methods what holds for their callers', () => {
    const policies = [
      { name: 'timeout', settings: 3_000 },
      { name: 'maxBody', settings: 1_024 },
      { name: 'limitPerAddress', settings: { requests: 100, per: 1_000 } },
      { name: 'auth', settings: { scopes: ['blog:write', 'blog:admin'] } },
      { name: 'limitPerCaller', settings: { requests: 50, per: 60_000, burst: 10 } },
      { name: 'compression', settings: undefined },
    ];
    const conditions = [{ text: 'header x-canary is "yes"' }];
    expect(described(route({ conditions }, policies))).toEqual([
      {
        binding,
        service: 'blog',
        version: '1.2.0',
        access: { public: false, scopes: ['blog:write', 'blog:admin'], callers: [], repeatable: false },
        limits: {
          maxBody: 1_024,
          timeoutMs: 3_000,
          rates: [
            { quota: 100, windowSeconds: 1, per: 'address' },
            { quota: 50, windowSeconds: 60, per: 'caller' },
          ],
        },
        conditions: ['header x-canary is "yes"'],
      },
    ]);
  });

  it('asks for no more than the contract where the file asks for nothing', () => {
    expect(described(route({}, [{ name: 'auth', settings: undefined }]))[0]?.access).toEqual(methodPolicy(method));
    const open = { service: 'blog', access: { ...methodPolicy(method), public: true, scopes: [] } };
    expect(described(route({ facts: open }, [{ name: 'auth', settings: { scopes: [] } }]))[0]?.access).toMatchObject({
      public: false,
    });
  });

  it('says nothing of what is refused for now, or has no contract', () => {
    const shop = { title: 'service shop' };
    expect(described(route({ problem: 'no such method' }), route({ target: shop, source: 'file' }))).toEqual([]);
  });

  it('names the paths of what has no contract', () => {
    const shop = route({ target: { title: 'service shop' }, source: 'file' });
    const login = route({ target: { title: 'service auth' }, source: 'built-in' });
    const layers = [
      { host: 'shop.example.com', routes: [shop] },
      { host: undefined, routes: [route(), shop, login] },
    ];
    expect(describedPrefixes(layers)).toEqual([
      { prefix: '/v1/posts', about: 'service shop (`shop.example.com`)' },
      { prefix: '/v1/posts', about: 'service shop' },
    ]);
  });
});

describe('registered services that speak HTTP', () => {
  it('are named once for each version', () => {
    const http = (service: string, version: string) => ({ service, version, protocol: 'http' });
    const instances = [http('shop', '2.0.0'), http('shop', '1.0.0'), http('shop', '1.0.0')];
    expect(registeredPrefixes([...instances, { service: 'blog', version: '1.2.0', protocol: 'grpc' }])).toEqual([
      { prefix: '/api/v1/shop/1.0.0/', about: 'the service `shop`, version 1.0.0' },
      { prefix: '/api/v1/shop/2.0.0/', about: 'the service `shop`, version 2.0.0' },
    ]);
  });
});
