import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BlogService } from '@trellis/contracts/blog/v1';
import type { Instance } from '@trellis/discovery';
import { eventually } from '@trellis/testing';
import { BlogBackend } from './blog-backend.fixture.js';
import { blogAt } from './instances.fixture.js';
import { TestGateway, problemOf } from './test-gateway.fixture.js';

const METHODS = BlogService.methods.map(({ name }) => `${BlogService.typeName}/${name}`);

/** Two versions of one service: the older one does not have CreatePost yet. */
describe('versions side by side', () => {
  const gateway = new TestGateway();
  const [older, newer] = [new BlogBackend(), new BlogBackend()];
  const posts = { p1: { id: 'p1', title: 'First' } };
  const first = (changes: Partial<Instance> = {}) =>
    blogAt(older.address, { grpcMethods: METHODS.filter((name) => !name.endsWith('/CreatePost')), ...changes });
  const second = (changes: Partial<Instance> = {}) =>
    blogAt(newer.address, { version: '2.0.0', grpcMethods: METHODS, ...changes });
  const read = () => gateway.fetch('/v1/posts/p1');
  const write = () => gateway.fetch('/v1/posts', { method: 'POST', body: { title: 'T', content: 'C' } });
  const calls = () => [older.calls.length, newer.calls.length];

  beforeAll(async () => {
    const policies = { defaults: { strategy: 'round-robin' } } as const;
    await Promise.all([older.start(posts), newer.start(posts), gateway.start({ policies })]);
    gateway.directory.set(first(), second());
    await eventually(async () => expect((await read()).status).toBe(200));
  });
  afterAll(async () => {
    await gateway.stop();
    older.stop();
    newer.stop();
  });

  it('share what both have', async () => {
    const [before = 0, beforeToo = 0] = calls();
    for (let each = 0; each < 6; each += 1) expect((await read()).status).toBe(200);
    expect(calls()).toEqual([before + 3, beforeToo + 3]);
  });

  it('leave to the newer one what it alone has', async () => {
    const [before = 0, beforeToo = 0] = calls();
    for (let each = 0; each < 6; each += 1) expect((await write()).status).toBe(200);
    expect(calls()).toEqual([before, beforeToo + 6]);
  });

  it('answer 503 for a route whose only instances are suspects, and not that there is no such path', async () => {
    gateway.directory.set(first(), second({ state: 'SUSPECT' }));
    const answer = await write();
    expect([answer.status, (await problemOf(answer)).reason]).toEqual([503, 'NO_INSTANCE']);
    expect((await read()).status).toBe(200);
  });

  it('give nothing to one that waits for an operator', async () => {
    gateway.directory.set(first(), second({ state: 'PENDING' }));
    const [, before] = calls();
    for (let each = 0; each < 4; each += 1) expect((await read()).status).toBe(200);
    expect(calls()[1]).toBe(before);
  });
});
