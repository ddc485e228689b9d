import { describe, expect, it } from '@jest/globals';
import { withFixedHosts } from './fixed-hosts.js';
import { ManualDirectory, instanceAt } from './testing.js';

const registered = instanceAt('blog', '10.0.0.1:80', { id: 'blog-1' });

function directoryWith(hosts: Record<string, string[]>) {
  const registry = new ManualDirectory();
  registry.set(registered);
  const directory = withFixedHosts(registry, hosts);
  const told: string[] = [];
  directory.onChange((service) => told.push(`${service} ${directory.instances(service).length}`));
  const addresses = (service: string) => directory.instances(service).map(({ address }) => address);
  return { registry, directory, told, addresses };
}

describe('fixed hosts', () => {
  it('are serving HTTP instances beside the registered ones, each once, ordered by id', () => {
    const { directory, addresses } = directoryWith({ shop: ['b:1', 'a:1', 'b:1'], blog: ['a:2'] });
    expect(addresses('shop')).toEqual(['a:1', 'b:1']);
    expect(addresses('blog')).toEqual(['10.0.0.1:80', 'a:2']);
    expect(directory.instances('shop')[0]).toMatchObject({ service: 'shop', protocol: 'http', state: 'SERVING' });
    expect(directory.all().map(({ id }) => id)).toEqual(['blog-1', 'blog@a:2', 'shop@a:1', 'shop@b:1']);
    expect(directory.instances('nobody')).toEqual([]);
  });

  it('are the same array until something changes', () => {
    const { registry, directory } = directoryWith({ blog: ['a:2'] });
    const before = directory.instances('blog');
    expect(directory.instances('blog')).toBe(before);
    registry.set(registered, instanceAt('blog', '10.0.0.2:80', { id: 'blog-2' }));
    expect(directory.instances('blog').map(({ id }) => id)).toEqual(['blog-1', 'blog-2', 'blog@a:2']);
    expect(directory.all()).toHaveLength(3);
  });

  it('follow the registry: whoever is told of a change sees it', () => {
    const { registry, told } = directoryWith({ blog: ['a:2'] });
    registry.set();
    expect(told).toEqual(['blog 1']);
  });

  it('are replaced, and those whose list differs are told', () => {
    const { directory, told, addresses } = directoryWith({ shop: ['a:1'], blog: ['a:2'], old: ['a:3'] });
    directory.use({ shop: ['a:1'], blog: ['a:2', 'b:2'], fresh: ['a:4'] });
    expect(told.sort()).toEqual(['blog 3', 'fresh 1', 'old 0']);
    expect([addresses('shop'), addresses('old')]).toEqual([['a:1'], []]);
  });

  it('end with the directory, and a listener that was taken off hears nothing', async () => {
    const { registry, directory, told } = directoryWith({});
    const heard: string[] = [];
    directory.onChange((service) => heard.push(service))();
    directory.use({ shop: ['a:1'] });
    registry.set();
    expect(heard).toEqual([]);
    directory.close();
    directory.use({});
    expect(told).toEqual(['shop 1', 'blog 0']);
    expect(await directory.ready(1)).toBe(true);
    expect(directory.status().source).toBe('registry');
    await expect(directory.contract('x')).rejects.toThrow('No contract x');
  });
});
