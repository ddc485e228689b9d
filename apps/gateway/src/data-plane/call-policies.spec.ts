import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Code, ServiceError } from '@trellis/errors';
import { parseCallPolicies } from '@trellis/rpc';
import { eventually } from '@trellis/testing';
import { BlogBackend } from './blog-backend.fixture.js';
import { blogAt } from './instances.fixture.js';
import { TestGateway, problemOf } from './test-gateway.fixture.js';

const posts = {
  p1: { id: 'p1', title: 'First' },
  slow: 'hang',
  broken: new ServiceError(Code.INTERNAL, 'a bug'),
} as const;

/** A gateway with one or two instances of the blog, and these policies. */
async function gatewayWith(policies: string, backends: readonly BlogBackend[]): Promise<TestGateway> {
  const gateway = await new TestGateway().start({ policies: parseCallPolicies(policies, 'policies.yaml') });
  gateway.directory.set(...backends.map(({ address }) => blogAt(address)));
  await gateway.fetch('/v1/posts/p1');
  return gateway;
}

const one = new BlogBackend();
const two = new BlogBackend();
let gateway: TestGateway;

beforeAll(async () => {
  await Promise.all([one.start(posts), two.start(posts)]);
});
afterEach(() => gateway.stop());
afterAll(() => {
  one.stop();
  two.stop();
});

describe('the call policies', () => {
  it('give a prepared answer, and say so, until the service is back', async () => {
    gateway = await gatewayWith(
      'services: { blog: { methods: { GetPost: { fallback: { answer: { post: { title: Back soon } } } } } } }',
      [one],
    );
    gateway.directory.set();
    const prepared = await gateway.fetch('/v1/posts/p1');
    expect([prepared.status, prepared.headers.get('x-fallback')]).toEqual([200, 'prepared']);
    expect(await prepared.json()).toMatchObject({ title: 'Back soon' });
    gateway.directory.set(blogAt(one.address));
    const real = await gateway.fetch('/v1/posts/p1');
    expect([await real.json(), real.headers.get('x-fallback')]).toEqual([
      expect.objectContaining({ title: 'First' }),
      null,
    ]);
  });

  it('open a circuit: 503 at once, with Retry-After', async () => {
    gateway = await gatewayWith('services: { blog: { breaker: { minimum: 3, open: 1m } } }', [one]);
    for (let i = 0; i < 2; i++) expect((await gateway.fetch('/v1/posts/broken')).status).toBe(500);
    const before = one.calls.length;
    const held = await gateway.fetch('/v1/posts/p1');
    expect([held.headers.get('retry-after'), await problemOf(held)]).toEqual([
      '60',
      expect.objectContaining({ status: 503, code: 'UNAVAILABLE', reason: 'CIRCUIT_OPEN' }),
    ]);
    expect(one.calls.length).toBe(before);
  });

  it('bound the calls under way: 429 at once, with Retry-After', async () => {
    gateway = await gatewayWith('services: { blog: { bulkhead: { limit: 1, queue: 0 } } }', [one]);
    const before = one.calls.length;
    const slow = gateway.fetch('/v1/posts/slow').catch(() => undefined);
    await eventually(() => expect(one.calls.length).toBe(before + 1));
    const refused = await gateway.fetch('/v1/posts/p1');
    expect([refused.headers.get('retry-after'), await problemOf(refused)]).toEqual([
      '1',
      expect.objectContaining({ status: 429, code: 'RESOURCE_EXHAUSTED', reason: 'BULKHEAD_FULL' }),
    ]);
    await gateway.stop();
    await slow;
  });

  it.each([
    ['a header', '{ header: X-Tenant }', (i: number) => ({ path: `/v1/posts/p${i}`, headers: { 'x-tenant': 'a' } })],
    ['a cookie', '{ cookie: sid }', (i: number) => ({ path: `/v1/posts/p${i}`, headers: { cookie: 'x=1; sid=7' } })],
    ['a field of the path', '{ field: id }', () => ({ path: '/v1/posts/p1', headers: {} })],
  ])('keep requests together by %s', async (_, hash, request) => {
    gateway = await gatewayWith(`services: { blog: { strategy: ring-hash, hash: ${hash} } }`, [one, two]);
    const before = [one.calls.length, two.calls.length];
    for (let i = 0; i < 8; i++) {
      const { path, headers } = request(i);
      await gateway.fetch(path, { headers });
    }
    const made = [one.calls.length, two.calls.length].map((calls, i) => calls - (before[i] ?? 0));
    expect(made.sort()).toEqual([0, 8]);
  });
});
