import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { attribute } from '@trellis/telemetry';
import { recordSpans } from '@trellis/telemetry/testing';
import { eventually } from '@trellis/testing';
import { BlogBackend } from './blog-backend.fixture.js';
import { blogAt } from './instances.fixture.js';
import { TestGateway } from './test-gateway.fixture.js';

const spans = recordSpans();
const gateway = new TestGateway();
const first = new BlogBackend();
const second = new BlogBackend();

beforeAll(async () => {
  const policies = { defaults: { strategy: 'round-robin' } } as const;
  const posts = { p1: { id: 'p1', title: 'First', authorId: 'u1' } };
  await Promise.all([first.start(posts), second.start(posts), gateway.start({ policies })]);
  gateway.directory.set(blogAt(first.address), blogAt(second.address));
  await gateway.fetch('/v1/posts/p1');
});
afterEach(() => spans.reset());
afterAll(async () => {
  await gateway.stop();
  first.stop();
  second.stop();
});

describe('a request', () => {
  it('is answered in JSON by the contract', async () => {
    const answer = await gateway.fetch('/v1/posts/p1');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await answer.json()).toEqual({ id: 'p1', title: 'First', content: '', authorId: 'u1', etag: '' });
  });

  it('carries its token on', async () => {
    const token = await gateway.issuer.token();
    await gateway.fetch('/v1/posts/p1', { headers: { authorization: `bearer ${token}` } });
    expect([...first.calls, ...second.calls].map(({ authorization }) => authorization)).toContain(`Bearer ${token}`);
  });

  it('reaches the instances in turn', async () => {
    const before = [first.calls.length, second.calls.length];
    for (let i = 0; i < 4; i++) await gateway.fetch('/v1/posts/p1');
    expect([first.calls.length, second.calls.length]).toEqual(before.map((calls) => calls + 2));
  });

  it('may ask for the head alone, or in the absolute form', async () => {
    const head = await gateway.fetch('/v1/posts/p1', { method: 'HEAD' });
    const get = await gateway.fetch('/v1/posts/p1');
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
  });

  it('has a trace of its own: one root, the call below it', async () => {
    const answer = await gateway.fetch('/v1/posts/p1');
    const [call, root] = await eventually(() => {
      const ended = spans.getFinishedSpans();
      expect(ended).toHaveLength(2);
      return ended;
    });
    expect(root).toMatchObject({ name: 'GET /v1/posts/{id}', kind: SpanKind.SERVER });
    expect(root?.parentSpanContext).toBeUndefined();
    expect(root?.attributes).toMatchObject({
      [attribute.httpMethod]: 'GET',
      [attribute.httpRoute]: '/v1/posts/{id}',
      [attribute.httpStatus]: 200,
      [attribute.urlPath]: '/v1/posts/p1',
      [attribute.urlScheme]: 'http',
      [attribute.serverAddress]: '127.0.0.1',
      [attribute.protocolVersion]: '1.1',
    });
    expect(call?.attributes).toMatchObject({ [attribute.serverService]: 'blog', [attribute.attempt]: 1 });
    expect(call).toMatchObject({ name: 'trellis.blog.v1.BlogService/GetPost', kind: SpanKind.CLIENT });
    expect(call?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId);
    expect(root?.spanContext().traceId).toBe(answer.headers.get('x-trace-id'));
  });

  it('has one name for all methods that nobody knows', async () => {
    await gateway.fetch('/v1/posts/p1', { method: 'REPORT' });
    const root = await eventually(() => {
      const [ended] = spans.getFinishedSpans();
      if (!ended) throw new Error('no span has ended');
      return ended;
    });
    expect(root.name.split(' ')[0]).toBe('HTTP');
    expect(root.attributes).toMatchObject({
      [attribute.httpMethod]: '_OTHER',
      [attribute.httpMethodOriginal]: 'REPORT',
    });
  });

  it('fails its span only when the fault is not the caller', async () => {
    const statusOf = async (path: string) => {
      spans.reset();
      await gateway.fetch(path);
      return eventually(() => {
        const root = spans.getFinishedSpans().find(({ kind }) => kind === SpanKind.SERVER);
        expect(root).toBeDefined();
        return root?.status.code;
      });
    };
    expect(await statusOf('/v1/posts/none')).toBe(SpanStatusCode.UNSET);
    gateway.directory.set();
    expect(await statusOf('/v1/posts/p1')).toBe(SpanStatusCode.ERROR);
    expect(spans.getFinishedSpans().at(-1)?.attributes).toMatchObject({ [attribute.errorType]: '503' });
    gateway.directory.set(blogAt(first.address), blogAt(second.address));
  });
});
