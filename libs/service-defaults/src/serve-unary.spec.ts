import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BlogService } from '@trellis/contracts/blog/v1';
import { Code, type ServiceError } from '@trellis/errors';
import { type Sample, call, runSample } from './run-sample.fixture.js';

const { createPost, getPost } = BlogService.method;
const post = { title: 'Hi', content: 'text' };

describe('a unary call', () => {
  let sample: Sample;
  let address: string | undefined;
  beforeAll(async () => {
    sample = await runSample();
    address = sample.addresses.grpc;
  });
  beforeEach(() => {
    sample.probe.seen.length = 0;
    sample.log.length = 0;
  });
  afterAll(() => sample.service.drain());

  it('reaches the handler with a verified caller and a typed request', async () => {
    const answer = await call(address, createPost, post, { token: 'alice' });
    expect(answer.post).toMatchObject({ title: 'Hi', authorId: 'alice' });
    expect(sample.probe.seen).toEqual(['verify alice', 'handler']);
  });

  it('hands the token on to what the handler calls', async () => {
    expect((await call(address, getPost, { id: '1' }, { token: 'reader' })).post?.content).toBe('reader');
  });

  it('is refused without a token', async () => {
    await expect(call(address, createPost, post)).rejects.toMatchObject({
      code: Code.UNAUTHENTICATED,
      reason: 'TOKEN_MISSING',
    });
    expect(sample.probe.seen).toEqual([]);
  });

  it('is refused with a bad token', async () => {
    await expect(call(address, createPost, post, { token: 'forged' })).rejects.toMatchObject({
      code: Code.UNAUTHENTICATED,
      reason: 'TOKEN_INVALID',
    });
  });

  it('is refused without the scope, which it names', async () => {
    await expect(call(address, createPost, post, { token: 'reader' })).rejects.toMatchObject({
      code: Code.PERMISSION_DENIED,
      reason: 'SCOPE_MISSING',
      metadata: { scope: 'blog:write' },
    });
    expect(sample.probe.seen).toEqual(['verify reader']);
  });

  it('is refused for a client where a person is needed', async () => {
    await expect(call(address, createPost, post, { token: 'script' })).rejects.toMatchObject({
      code: Code.PERMISSION_DENIED,
      reason: 'USER_REQUIRED',
    });
  });

  it('names every violated field', async () => {
    await expect(call(address, createPost, { title: 'x'.repeat(201) }, { token: 'alice' })).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      violations: [
        { field: 'title', description: expect.stringContaining('200') },
        { field: 'content', description: expect.stringContaining('required') },
      ],
    });
  });

  it('names a nested field by its path', async () => {
    const request = { post: { title: 'x'.repeat(201) } };
    await expect(call(address, BlogService.method.updatePost, request, { token: 'alice' })).rejects.toMatchObject({
      violations: [{ field: 'post.title' }],
    });
  });

  it('is told no more than fits into the trailers of an answer', async () => {
    const refused = call(address, getPost, { id: 'wordy' }, { token: 'alice' });
    await expect(refused).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      violations: expect.arrayContaining([{ field: 'update_mask', description: expect.stringContaining('no field') }]),
    });
  });

  it('is looked at only after its caller: a stranger learns nothing about the request', async () => {
    const garbage = Buffer.from([255, 255, 255]);
    await expect(call(address, createPost, garbage)).rejects.toMatchObject({ code: Code.UNAUTHENTICATED });
    await expect(call(address, createPost, garbage, { token: 'alice' })).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
    });
  });

  it("carries the handler's own error", async () => {
    await expect(call(address, getPost, { id: 'unknown' }, { token: 'alice' })).rejects.toMatchObject({
      code: Code.NOT_FOUND,
      message: 'No such post',
    });
  });

  it('hides the cause of an unexpected error and logs it', async () => {
    const failure = call(address, getPost, { id: 'broken' }, { token: 'alice' });
    await expect(failure).rejects.toMatchObject({ code: Code.INTERNAL });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('select') });
    const line = sample.log.find(({ level }) => level === 'error');
    expect(line).toMatchObject({ method: 'trellis.blog.v1.BlogService/GetPost', status: 'INTERNAL' });
    expect(JSON.stringify(line)).toContain('select failed');
    expect(JSON.stringify(line)).toContain('blog-service.fixture.ts');
  });

  it('ends at its deadline and tells the handler', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    sample.probe.hold = promise;
    const slow = call(address, getPost, { id: '1' }, { token: 'alice', deadline: Date.now() + 1_500 });
    await expect(slow).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    const signal = sample.probe.lastCall?.signal;
    if (!signal?.aborted) await new Promise((done) => signal?.addEventListener('abort', done));
    // The caller's clock runs ahead by the way of the request, so its going away may be seen first.
    expect([Code.DEADLINE_EXCEEDED, Code.CANCELLED]).toContain((signal?.reason as ServiceError).code);
    sample.probe.hold = undefined;
    resolve();
  });

  it('is refused when it is too big', async () => {
    const big = { title: 'Hi', content: 'x'.repeat(4 * 1024 * 1024) };
    await expect(call(address, createPost, big, { token: 'alice' })).rejects.toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
    });
  });

  it('of an unknown method is UNIMPLEMENTED', async () => {
    const other = { ...getPost, name: 'Nothing' };
    await expect(call(address, other, { id: '1' })).rejects.toMatchObject({ code: Code.UNIMPLEMENTED });
  });
});
