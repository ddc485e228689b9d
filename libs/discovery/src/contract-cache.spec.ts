import { describe, expect, it } from '@jest/globals';
import { ContractCache } from './contract-cache.js';

function countingCache() {
  const fetched: string[] = [];
  const cache = new ContractCache(async (hash) => {
    fetched.push(hash);
    return new TextEncoder().encode(hash);
  });
  return { cache, fetched };
}

describe('ContractCache', () => {
  it('fetches once for all who ask at the same time and later', async () => {
    const { cache, fetched } = countingCache();
    const [one, two] = await Promise.all([cache.get('a'), cache.get('a')]);
    expect(await cache.get('a')).toBe(one);
    expect(two).toBe(one);
    expect(fetched).toEqual(['a']);
  });

  it('forgets the one that was not asked for longest when it has 64', async () => {
    const { cache, fetched } = countingCache();
    for (let i = 0; i < 64; i++) await cache.get(`hash-${i}`);
    await cache.get('hash-0');
    await cache.get('hash-64');
    fetched.length = 0;
    await cache.get('hash-0');
    await cache.get('hash-1');
    expect(fetched).toEqual(['hash-1']);
  });

  it('does not remember a failure', async () => {
    const answers = [Promise.reject(new Error('unreachable')), Promise.resolve(new Uint8Array([1]))];
    const cache = new ContractCache(() => answers.shift() ?? Promise.reject(new Error('asked too often')));
    await expect(cache.get('a')).rejects.toThrow('unreachable');
    expect(await cache.get('a')).toEqual(new Uint8Array([1]));
  });

  it('hands out what it was given, and tells what it has, the last asked for first', async () => {
    const { cache, fetched } = countingCache();
    cache.put('given', new Uint8Array([1]));
    await cache.get('fetched');
    const pending = cache.get('pending');
    expect(cache.held().map(([hash]) => hash)).toEqual(['fetched', 'given']);
    await pending;
    await cache.get('given');
    expect(cache.held().map(([hash]) => hash)).toEqual(['given', 'pending', 'fetched']);
    expect(fetched).toEqual(['fetched', 'pending']);
  });
});
