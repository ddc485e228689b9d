import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { descriptorSet, readDescriptorSet } from '@trellis/contracts';
import {
  BlogService,
  CreatePostRequestSchema,
  ListPostsRequestSchema,
  UpdatePostRequestSchema,
} from '@trellis/contracts/blog/v1';
import { InvalidRequest } from './invalid-request.js';
import { type Route, routesOf } from './route.js';
import { createRouter } from './router.js';

/** As the gateway sees it: read back from what an instance announces, without generated code. */
const registry = readDescriptorSet(descriptorSet([BlogService]));
const service = registry.getService(BlogService.typeName);
const router = createRouter<Route>(service ? routesOf(service, registry) : []);
const text = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

function decode(httpMethod: string, target: string, body?: unknown): Uint8Array {
  const [path = '', query = ''] = target.split('?');
  const match = router.match(httpMethod, path);
  if (match.kind !== 'found') throw new Error(`no route: ${match.kind}`);
  return match.route.decode({ captures: match.captures, query, body: body === undefined ? undefined : text(body) });
}

function errorsOf(httpMethod: string, target: string, body?: unknown): unknown {
  try {
    decode(httpMethod, target, body);
    return [];
  } catch (error) {
    if (error instanceof InvalidRequest) return error.errors;
    throw error;
  }
}

describe('the blog over REST', () => {
  it('creates a post from the body', () => {
    const request = fromBinary(CreatePostRequestSchema, decode('POST', '/v1/posts', { title: 'T', content: 'C' }));
    expect(request).toMatchObject({ title: 'T', content: 'C' });
  });

  it('lists with a filter from the query, in either spelling', () => {
    const wanted = { pageSize: 5, authorId: 'a b' };
    for (const query of ['page_size=5&author_id=a+b', 'pageSize=5&authorId=a%20b']) {
      expect(fromBinary(ListPostsRequestSchema, decode('GET', `/v1/posts?${query}`))).toMatchObject(wanted);
    }
  });

  it('updates what the body holds when the request names nothing', () => {
    const bytes = decode('PATCH', '/v1/posts/p1', { title: 'T', content: null, etag: 'e', id: 'other' });
    const request = fromBinary(UpdatePostRequestSchema, bytes);
    expect(request.post).toMatchObject({ id: 'p1', title: 'T', etag: 'e' });
    expect(request.updateMask?.paths).toEqual(['title', 'content']);
  });

  it('keeps a mask that the request names', () => {
    const request = fromBinary(
      UpdatePostRequestSchema,
      decode('PATCH', '/v1/posts/p1?update_mask=title,author_id', {}),
    );
    expect(request.updateMask?.paths).toEqual(['title', 'author_id']);
  });

  it.each([
    [
      'malformed JSON',
      'POST',
      '/v1/posts',
      '{"title":',
      [{ pointer: '#', detail: expect.stringMatching(/^is not valid JSON: /) }],
    ],
    ['no object', 'POST', '/v1/posts', '[]', [{ pointer: '#', detail: 'must be an object' }]],
    [
      'wrong types and unknown fields, all of them',
      'POST',
      '/v1/posts',
      { title: 1, content: { a: 1 }, 'a/b~c d': 1 },
      [
        { pointer: '#/title', detail: 'must be a text' },
        { pointer: '#/content', detail: 'must be a text' },
        { pointer: '#/a~1b~0c%20d', detail: 'is not a known field' },
      ],
    ],
    [
      'a body that is one field',
      'PATCH',
      '/v1/posts/p1?update_mask=title&dry=1',
      { title: true, createTime: 'yesterday' },
      [
        { parameter: 'dry', detail: 'is not a known query parameter' },
        { pointer: '#/title', detail: 'must be a text' },
        { pointer: '#/createTime', detail: 'must be a time such as "2026-01-31T12:00:00Z"' },
      ],
    ],
    ['a body that is no object', 'PATCH', '/v1/posts/p1', '"x"', [{ pointer: '#', detail: 'must be an object' }]],
    [
      'query parameters',
      'GET',
      '/v1/posts?page_size=ten&pageSize=2&author_id=%ff',
      undefined,
      [
        { parameter: 'pageSize', detail: 'may be given only once' },
        { parameter: 'author_id', detail: 'is not valid percent-encoded UTF-8' },
      ],
    ],
    [
      'a number',
      'GET',
      '/v1/posts?page_size=ten',
      undefined,
      [{ parameter: 'page_size', detail: 'must be a whole number from -2147483648 to 2147483647' }],
    ],
    [
      'a query beside a whole body',
      'POST',
      '/v1/posts?title=x',
      {},
      [{ parameter: 'title', detail: 'is not a known query parameter' }],
    ],
    [
      'a path parameter',
      'GET',
      '/v1/posts/%ff',
      undefined,
      [{ parameter: 'id', detail: 'is not valid percent-encoded UTF-8' }],
    ],
  ])('names each wrong place: %s', (_, httpMethod, target, body, errors) => {
    expect(errorsOf(httpMethod, target, body)).toEqual(errors);
  });

  it('never quotes a malformed body', () => {
    for (const body of ['hunter2', '{"password": hunter2}', '{"password":"hunter2" x}', '["hunter2", hunter2 ]']) {
      expect(JSON.stringify(errorsOf('POST', '/v1/posts', body))).not.toContain('hunter');
    }
  });

  it('refuses what is no UTF-8', () => {
    const match = router.match('POST', '/v1/posts');
    const body = new Uint8Array([0x22, 0xff, 0x22]);
    expect(() => match.kind === 'found' && match.route.decode({ captures: [], query: '', body })).toThrow('UTF-8');
  });

  it('says where a field that the service complains about came from', () => {
    const locate = (method: string, path: string, field: string): unknown => {
      const match = router.match(method, path);
      return match.kind === 'found' && match.route.locate(field);
    };
    expect(locate('POST', '/v1/posts', 'title')).toEqual({ pointer: '#/title' });
    expect(locate('PATCH', '/v1/posts/p', 'post.author_id')).toEqual({ pointer: '#/authorId' });
    expect(locate('PATCH', '/v1/posts/p', 'post.id')).toEqual({ parameter: 'post.id' });
    expect(locate('PATCH', '/v1/posts/p', 'update_mask.paths[2]')).toEqual({ parameter: 'updateMask.paths' });
    expect(locate('GET', '/v1/posts', 'page_size')).toEqual({ parameter: 'pageSize' });
    expect(locate('POST', '/v1/posts', '')).toEqual({ pointer: '#' });
  });
});
