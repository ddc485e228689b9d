import { describe, expect, it } from '@jest/globals';
import { Code } from '@trellis/errors';
import { BoundedWork } from './bounded-work.js';

const patient = new AbortController().signal;

/** Work that ends when told, and what has begun so far. */
function setUp(concurrency: number, queue: number) {
  const work = new BoundedWork({ concurrency, queue });
  const begun: string[] = [];
  const begin = (name: string, signal: AbortSignal = patient) => {
    const end = Promise.withResolvers<string>();
    const run = async (): Promise<string> => {
      begun.push(name);
      return end.promise;
    };
    return { end: () => end.resolve(name), fail: () => end.reject(new Error(name)), result: work.run(run, signal) };
  };
  return { begun, begin };
}

describe('BoundedWork', () => {
  it('runs no more at once than allowed, in order of arrival', async () => {
    const { begun, begin } = setUp(2, 10);
    const [a, b, c, d] = [begin('a'), begin('b'), begin('c'), begin('d')];
    expect(begun).toEqual(['a', 'b']);
    b.end();
    expect(await b.result).toBe('b');
    a.end();
    await a.result;
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    c.end();
    d.end();
    expect(await Promise.all([c.result, d.result])).toEqual(['c', 'd']);
  });

  it('hands the place on when work fails', async () => {
    const { begun, begin } = setUp(1, 1);
    const [a, b] = [begin('a'), begin('b')];
    a.fail();
    await expect(a.result).rejects.toThrow('a');
    b.end();
    await b.result;
    expect(begun).toEqual(['a', 'b']);
  });

  it('refuses at once behind a full queue', async () => {
    const { begin } = setUp(1, 1);
    const [a, b] = [begin('a'), begin('b')];
    await expect(begin('c').result).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED, reason: 'HASHING_BUSY' });
    a.end();
    b.end();
    await Promise.all([a.result, b.result]);
  });

  it('lets go whose call has ended, and leaves the place to the next', async () => {
    const { begun, begin } = setUp(1, 2);
    const gone = new AbortController();
    const [a, b, c] = [begin('a'), begin('b', gone.signal), begin('c')];
    gone.abort();
    await expect(b.result).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    a.end();
    await a.result;
    c.end();
    await c.result;
    expect(begun).toEqual(['a', 'c']);
  });
});
